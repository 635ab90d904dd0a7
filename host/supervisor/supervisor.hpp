// Keeps one node running: starts it, starts it again when it crashed, ends with it.
//
//   starting -> running -> ended by itself: the supervisor ends with its exit code
//                      \-> crashed -> waiting (100 ms, doubling to 10 s; back to 100 ms after a good minute) ->
//                      starting
//                                \-> given up: exit 1
//
// SIGTERM, SIGINT and SIGHUP are passed on. The node dies with its supervisor, even by SIGKILL.
#pragma once

#include <sys/types.h>

#include <cstdint>

namespace parley::supervisor {

class supervisor {
 public:
  /// `command` is what to run, null-terminated, the program's path first; it stays the caller's.
  explicit supervisor(char** command) : command_(command) {}
  /// Until the node has ended for good. Returns the exit code.
  int run();

 private:
  enum class verdict { stop, again };

  bool start();
  /// Until the node has ended; passes signals on. What waitpid() says of it.
  int watch();
  verdict after(int status);
  verdict after_crash(int status);
  /// False when it was told to stop meanwhile.
  bool pause();
  void pass_on(int signal_number, int code);
  void read_last_words();

  char** command_;
  pid_t node_ = -1;
  int last_words_ = -1;  // the read end of the pipe that the node's crash handler writes to
  bool stopping_ = false;
  unsigned restarts_ = 0;
  std::uint64_t started_ms_ = 0;
  std::uint64_t delay_ms_ = 0;
  int exit_code_ = 0;

  /// The times of the last crashes, oldest overwritten.
  struct crash_times {
    static constexpr unsigned most = 64;
    std::uint64_t at_ms[most] = {};
    unsigned next = 0;
    void add(std::uint64_t now) { at_ms[next++ % most] = now; }
    unsigned within(std::uint64_t now, std::uint64_t ms) const;
  };
  crash_times crashes_;      // of any kind
  crash_times unexplained_;  // not laid to a plugin: nothing will take their cause away

  char said_[1024] = {};  // the node's last words, one line
};

}  // namespace parley::supervisor
