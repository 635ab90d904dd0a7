// Threads of pools.
#pragma once

#include <pthread.h>
#include <signal.h>

#include <chrono>
#include <string>
#include <thread>

#include "host/crash/handler.hpp"

namespace parley::host {

/// A thread that no signal is delivered to, named as `top -H` shows it (15 characters).
template <class Fn>
std::thread start_thread(const std::string& name, Fn fn) {
  sigset_t all, before;
  sigfillset(&all);
  for (int own : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT}) sigdelset(&all, own);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  std::thread made([run = std::move(fn)]() mutable {
    crash::thread_stack own;
    run();
  });
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  pthread_setname_np(made.native_handle(), name.substr(0, 15).c_str());
  return made;
}

/// Microseconds, monotonic. [any]
inline std::uint64_t now_us() {
  using namespace std::chrono;
  return static_cast<std::uint64_t>(duration_cast<microseconds>(steady_clock::now().time_since_epoch()).count());
}

}  // namespace parley::host
