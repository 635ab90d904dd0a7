// The last words of a process that crashes.
#pragma once

#include <string>

namespace parley::host::crash {

struct handler_options {
  std::string data;        // records go to DATA/crash
  std::string node;        // its name
  int supervisor_fd = -1;  // a pipe that gets one line about the crash; -1 = nobody listens, stderr gets it
};

/// From now on SIGSEGV, SIGBUS, SIGFPE, SIGILL and SIGABRT (an uncaught exception, too) leave a record
/// DATA/crash/UNIXMS-PID.crash (record.hpp) before the process dies of them; a core is made as ever. The file of the
/// generation at fault is linked beside the record, so that its symbols can be had when staging has been cleared.
/// Once per process, on the loop's thread, before other threads are started.
void install_handler(const handler_options& options);

/// A stack for the handler, so that an overflow of this thread's own is told, too; and the thread is one of the host's
/// pools. The address space stays reserved until the thread ends, memory is used only by a crash. [any]
class thread_stack {
 public:
  thread_stack();
  thread_stack(const thread_stack&) = delete;
  ~thread_stack();

 private:
  void* memory_;
};

}  // namespace parley::host::crash
