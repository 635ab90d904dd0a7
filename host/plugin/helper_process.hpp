// A process of our own executable that does what might crash or hang, from its start to its last byte.
#pragma once

#include <sys/types.h>

#include <array>
#include <chrono>
#include <string>
#include <vector>

#include "parley/status.hpp"

namespace parley::host {

/// What it is to do, and how it is spoken of.
struct helper_call {
  std::string executable;
  std::vector<std::string> arguments;
  std::string file;      // the plugin file it is about, for errors
  int input = -1;        // its stdin, borrowed; -1: nothing
  std::string too_late;  // "was not described in time: ..."
};

/// Runs it with its output in pipes. Destroying it kills what still runs. One thread at a time.
class helper_process {
 public:
  using clock = std::chrono::steady_clock;

  explicit helper_process(helper_call call);
  helper_process(const helper_process&) = delete;
  ~helper_process();

  /// Entries for poll(); a descriptor of -1 has ended.
  std::array<int, 2> descriptors() const { return {output_[0].fd, output_[1].fd}; }
  bool finished() const { return output_[0].fd < 0 && output_[1].fd < 0; }
  /// Reads what is there without blocking; which is 0 for stdout and 1 for stderr.
  void read_some(std::size_t which);

  /// What it wrote to stdout when it ended with 0, or why not; an unfinished one has run out of time. To be called
  /// once.
  result<std::string> take(clock::time_point deadline);
  /// "; " and what it wrote to stderr, on one line without control characters.
  std::string said() const;

 private:
  struct stream {
    int fd = -1;
    std::string text;
  };
  void start();
  void close_streams();
  void kill_and_wait();
  result<std::string> judged(int wait_status) const;

  helper_call call_;
  std::string failure_;  // of starting it, or of what it said
  pid_t pid_ = -1;
  std::array<stream, 2> output_;
};

/// Reads all of them until each has ended or the time is over.
void collect(const std::vector<helper_process*>& running, helper_process::clock::time_point deadline);

}  // namespace parley::host
