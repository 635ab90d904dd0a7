// What the verbs share.
#pragma once

#include <parley/verb.hpp>

#include <string>
#include <string_view>

namespace login {

/// Ends a verb that came to nothing: the store's own sentence, or that a pool did not serve it.
inline void fail(
    const parley::verb_call& call, std::string_view verb, const parley::error& failure,
    std::string_view mend = "nothing was changed; `parleyctl pools` shows what is away or full, then try again") {
  if (failure.code == parley::status::no_target || failure.code == parley::status::conflict) {
    call.fail(failure.code, std::string(verb) + ": " + failure.text);
    return;
  }
  call.fail(verb, failure, mend);
}

}  // namespace login
