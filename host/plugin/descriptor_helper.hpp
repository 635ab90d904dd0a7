// A helper process that describes one plugin file, from its start to its last byte.
#pragma once

#include <sys/types.h>

#include <array>
#include <chrono>
#include <string>

#include "host/plugin/descriptor.hpp"

namespace parley::host {

/// Runs `executable describe FILE` with its output in pipes. Destroying it kills what still runs.
class descriptor_helper {
 public:
  using clock = std::chrono::steady_clock;

  descriptor_helper(const std::string& executable, const std::string& file);
  descriptor_helper(const descriptor_helper&) = delete;
  ~descriptor_helper();

  /// Entries for poll(); a descriptor of -1 has ended.
  std::array<int, 2> descriptors() const { return {output_[0].fd, output_[1].fd}; }
  bool finished() const { return output_[0].fd < 0 && output_[1].fd < 0; }
  /// Reads what is there without blocking; which is 0 for stdout and 1 for stderr.
  void read_some(std::size_t which);

  /// Its facts, or why there are none; an unfinished one has run out of time. To be called once.
  result<plugin_info> take(clock::time_point deadline);

 private:
  struct stream {
    int fd = -1;
    std::string text;
  };
  void start(const std::string& executable);
  void close_streams();
  void kill_and_wait();
  result<plugin_info> judged(int wait_status) const;
  std::string said() const;

  std::string file_;
  std::string failure_;  // of starting it, or of what it said
  pid_t pid_ = -1;
  std::array<stream, 2> output_;
};

}  // namespace parley::host
