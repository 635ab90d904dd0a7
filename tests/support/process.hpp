// A child process that is always reaped.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "support/failure.hpp"

namespace parley::test {

/// How a process ended: by itself with a code, or by a signal (then code is 128 + signal, as in a shell).
struct ending {
  int code = 0;
  int signal = 0;
};

/// In a process group of its own, which dies with the object.
class process {
 public:
  struct options {
    std::vector<std::string> command;
    std::map<std::string, std::string> environment;  ///< on top of ours
    std::filesystem::path output;                    ///< stdout and stderr are appended to it
    bool typed_to = false;                           ///< its input is what type() says; else there is none
  };

  explicit process(const options& what);
  ~process();
  process(const process&) = delete;
  process& operator=(const process&) = delete;

  pid_t pid() const { return pid_; }
  bool running() { return !ended_within(milliseconds(0)); }
  void signal(int number);
  /// A line for its input. False when it does not read any more.
  bool type(std::string line);
  void end_input();
  /// Reaps it when it ends in time.
  std::optional<ending> ended_within(milliseconds time);
  /// SIGKILL to the whole group, and reaped.
  void kill9();

 private:
  pid_t pid_ = -1;
  int pidfd_ = -1;
  int input_ = -1;
  std::optional<ending> ending_;
};

/// A command run to its end.
struct outcome {
  ending end;
  std::string output;  ///< stdout and stderr
};

/// Fails the test when it takes longer.
outcome run(const std::vector<std::string>& command, const std::map<std::string, std::string>& environment = {},
            milliseconds time = milliseconds(20000));

}  // namespace parley::test
