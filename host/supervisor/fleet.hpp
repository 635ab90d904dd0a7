// Several nodes on one machine: a supervisor for each, their lines on one stderr, their end awaited.
//
//   starting -> all ready (told in a line, and to the service manager) -> stopping -> ended
//          \-> one ended before it was ever ready: the others are stopped, nothing half-started stays
//
// Afterwards each is on its own: one that crashes is started again alone, one that is given up does not end the others.
// SIGTERM, SIGINT and SIGHUP go to all. All die with this process, even by SIGKILL.
#pragma once

#include "member.hpp"

namespace parley::supervisor {

class fleet {
 public:
  static constexpr unsigned most = 64;

  /// False when there are too many. Both stay the caller's.
  bool add(const char* name, char** command);
  /// Until all have ended for good. The exit code: of those that did not end with 0 the first one's.
  int run();

 private:
  /// Until something is there to be read, or somebody is to be started again.
  void wait_for_news();
  void take_signals();
  void reap();
  void start_again();
  void after_end(member& ended);
  void stop(int signal_number);
  void tell_ready();
  bool any_left() const;

  member members_[most];
  unsigned count_ = 0;
  int signals_ = -1;
  bool stopping_ = false, told_ready_ = false;
  int exit_code_ = 0;
};

}  // namespace parley::supervisor
