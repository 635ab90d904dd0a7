// What the verbs share.
#pragma once

#include <parley/verb.hpp>

#include <string>
#include <string_view>

namespace login {

/// Ends a verb that a pool did not serve.
inline void fail(
    const parley::verb_call& call, std::string_view verb, const parley::error& failure,
    std::string_view mend = "nothing was changed; `parleyctl pools` shows what is away or full, then try again") {
  std::string text(verb);
  text += ": ";
  text += failure.text.empty() ? parley::to_string(failure.code) : std::string_view(failure.text);
  text += "; ";
  text += mend;
  call.fail(failure.code, text);
}

}  // namespace login
