// A program that is started, waited for, and gone with the object; also when this process is killed.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace parley::selfbench {

class child {
 public:
  /// stdout and stderr go to `output`. Throws std::runtime_error.
  child(const std::vector<std::string>& command, const std::map<std::string, std::string>& environment,
        const std::string& output);
  child(const child&) = delete;
  ~child();

  pid_t pid() const { return pid_; }
  /// Its exit status, 128 + signal when one ended it; nothing while it runs. Looks every 20 ms, and returns at once
  /// when this process was asked to stop.
  std::optional<int> wait(std::chrono::milliseconds time);
  /// SIGTERM, and SIGKILL when it does not end.
  void stop();

 private:
  pid_t pid_ = -1;
  std::optional<int> ended_;
};

/// SIGINT, SIGTERM and SIGHUP are taken note of from now on.
void note_signals();
bool asked_to_stop();

}  // namespace parley::selfbench
