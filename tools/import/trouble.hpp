// Why an import, or a command of parley-store, stops.
#pragma once

#include <stdexcept>
#include <string>

namespace parley::teamtalk {

/// Exit statuses of the command.
inline constexpr int done = 0;
inline constexpr int interrupted = 1;   // what is done stays; the same command goes on
inline constexpr int cannot_begin = 2;  // nothing was changed, but for tables made beside TeamTalk's

/// A sentence for the operator: what, where, how to mend.
struct trouble : std::runtime_error {
  explicit trouble(const std::string& sentence, int code = cannot_begin)
      : std::runtime_error(sentence), exit_code(code) {}
  int exit_code;
};

}  // namespace parley::teamtalk
