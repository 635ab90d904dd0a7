// What the verbs share.
#pragma once

#include <parley/verb.hpp>

#include <string_view>

namespace login {

/// Ends a verb that a pool did not serve.
inline void fail(
    const parley::verb_call& call, std::string_view verb, const parley::error& failure,
    std::string_view mend = "nothing was changed; `parleyctl pools` shows what is away or full, then try again") {
  call.fail(verb, failure, mend);
}

}  // namespace login
