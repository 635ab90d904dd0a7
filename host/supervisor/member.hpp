// One node of several that run side by side: its own supervisor, what that and the node write, and whether it is ready.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <cstdint>

namespace parley::supervisor {

/// CLOCK_MONOTONIC.
std::uint64_t now_ms();

class member {
 public:
  /// running: its supervisor is; waiting: to be started again at again_at_ms(); ended: for good.
  enum class state { fresh, running, waiting, ended };

  /// `name` and `command` (null-terminated, the program's path first) stay the caller's; `number` is its own.
  void set(const char* name, char** command, unsigned number);

  /// Makes its notify socket at the first call. False, after a line on stderr, when there is no process or socket to
  /// be had.
  bool start();
  /// Passes a signal on; one that still waits to be started again is not any more.
  void pass_on(int signal_number);
  /// Takes what waitpid() said of it. What is signalled, by kill -9 as a rule, is started again unless it was stopping.
  void ended(int status, bool stopping);

  /// Writes the whole lines among what it wrote to stderr, each behind its name. False when it has closed its end.
  bool read_output();
  /// Whatever has no line feed yet.
  void finish_output();
  /// True when it just said for the first time that it is ready.
  bool read_notice();

  const char* name() const { return name_; }
  pid_t pid() const { return pid_; }
  state now() const { return state_; }
  std::uint64_t again_at_ms() const { return again_at_ms_; }
  bool ready() const { return ready_; }
  int exit_code() const { return exit_code_; }
  int output() const { return output_; }  // -1: none
  int notices() const { return notices_; }

 private:
  [[noreturn]] void become_child(int output, int parent);
  void write_line(const char* line, std::size_t size);

  const char* name_ = "";
  char** command_ = nullptr;
  unsigned number_ = 0;
  state state_ = state::fresh;
  pid_t pid_ = -1;
  int output_ = -1;   // the read end of its stdout and stderr
  int notices_ = -1;  // a datagram socket, sd_notify's
  char address_[64] = {};
  bool ready_ = false;
  bool killed_ = false;  // its supervisor was, and it has not been ready since
  unsigned again_ = 0;   // tries since
  int exit_code_ = 0;
  std::uint64_t started_ms_ = 0, again_at_ms_ = 0, delay_ms_ = 0;
  std::size_t held_ = 0;
  char line_[4096];
};

}  // namespace parley::supervisor
