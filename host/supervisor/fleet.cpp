#include "fleet.hpp"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "host/node/service_manager.hpp"
#include "log_line.hpp"

namespace parley::supervisor {

bool fleet::add(const char* name, char** command) {
  if (count_ == most) return false;
  members_[count_].set(name, command, count_);
  ++count_;
  return true;
}

int fleet::run() {
  sigset_t watched;
  sigemptyset(&watched);
  constexpr int numbers[] = {SIGTERM, SIGINT, SIGHUP, SIGCHLD};
  for (const int number : numbers) sigaddset(&watched, number);
  sigprocmask(SIG_BLOCK, &watched, nullptr);
  signal(SIGPIPE, SIG_IGN);
  signals_ = signalfd(-1, &watched, SFD_CLOEXEC | SFD_NONBLOCK);
  if (signals_ < 0) {
    log_line("error", "no descriptor for signals: %s", strerror(errno));
    return 1;
  }
  for (unsigned i = 0; i < count_ && !stopping_; ++i) {
    if (!members_[i].start()) after_end(members_[i]);
  }
  while (any_left()) wait_for_news();
  for (unsigned i = 0; i < count_; ++i) {
    if (members_[i].output() >= 0) members_[i].read_output();
    members_[i].finish_output();
  }
  return exit_code_;
}

bool fleet::any_left() const {
  for (unsigned i = 0; i < count_; ++i) {
    const auto now = members_[i].now();
    if (now == member::state::running || now == member::state::waiting) return true;
  }
  return false;
}

void fleet::wait_for_news() {
  pollfd wanted[1 + 2 * most];
  wanted[0] = {signals_, POLLIN, 0};
  int timeout = -1;
  for (unsigned i = 0; i < count_; ++i) {
    const member& m = members_[i];
    wanted[1 + 2 * i] = {m.output(), POLLIN, 0};  // poll() leaves -1 alone
    wanted[2 + 2 * i] = {m.notices(), POLLIN, 0};
    if (m.now() != member::state::waiting) continue;
    const auto now = now_ms();
    const int left = m.again_at_ms() > now ? static_cast<int>(m.again_at_ms() - now) : 0;
    if (timeout < 0 || left < timeout) timeout = left;
  }
  if (poll(wanted, 1 + 2 * count_, timeout) < 0) return;
  for (unsigned i = 0; i < count_; ++i) {
    if (wanted[1 + 2 * i].revents) members_[i].read_output();
    if (wanted[2 + 2 * i].revents && members_[i].read_notice()) tell_ready();
  }
  if (wanted[0].revents) take_signals();
  start_again();
}

void fleet::take_signals() {
  signalfd_siginfo info;
  while (read(signals_, &info, sizeof info) == static_cast<ssize_t>(sizeof info)) {
    const int number = static_cast<int>(info.ssi_signo);
    if (number == SIGCHLD) {
      reap();
      continue;
    }
    if (number != SIGHUP) stopping_ = true;
    for (unsigned i = 0; i < count_; ++i) {
      // What the terminal sends goes to the whole group: a node that got it twice would cut its drain short.
      const bool heard = info.ssi_code == SI_KERNEL && members_[i].now() == member::state::running;
      if (!heard) members_[i].pass_on(number);
    }
  }
}

void fleet::reap() {
  int status = 0;
  for (pid_t pid = 0; (pid = waitpid(-1, &status, WNOHANG)) > 0;) {
    for (unsigned i = 0; i < count_; ++i) {
      if (members_[i].pid() != pid) continue;
      if (members_[i].output() >= 0) members_[i].read_output();  // its last lines before ours about it
      members_[i].ended(status, stopping_);
      if (members_[i].now() == member::state::ended) after_end(members_[i]);
    }
  }
}

void fleet::after_end(member& ended) {
  if (exit_code_ == 0) exit_code_ = ended.exit_code();
  if (stopping_) return;
  if (!ended.ready()) {
    log_line("error", "node %s has not started; the others are stopped", ended.name());
    if (exit_code_ == 0) exit_code_ = 1;
    stop(SIGTERM);
  } else {
    log_line(ended.exit_code() == 0 ? "info" : "error", "node %s has ended with code %d; the others go on",
             ended.name(), ended.exit_code());
  }
}

void fleet::stop(int signal_number) {
  stopping_ = true;
  for (unsigned i = 0; i < count_; ++i) members_[i].pass_on(signal_number);
}

void fleet::start_again() {
  for (unsigned i = 0; i < count_; ++i) {
    member& m = members_[i];
    if (m.now() != member::state::waiting || now_ms() < m.again_at_ms()) continue;
    if (!m.start()) after_end(m);
  }
}

void fleet::tell_ready() {
  if (told_ready_) return;
  for (unsigned i = 0; i < count_; ++i) {
    if (!members_[i].ready()) return;
  }
  told_ready_ = true;
  log_line("info", "all %u nodes are ready", count_);
  host::tell_service_manager("READY=1\n");
}

}  // namespace parley::supervisor
