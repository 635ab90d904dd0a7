#include "supervisor.hpp"

#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "log_line.hpp"
#include "member.hpp"

namespace parley::supervisor {

namespace {

constexpr std::uint64_t first_delay_ms = 100, longest_delay_ms = 10000;
constexpr std::uint64_t good_run_ms = 60000;
constexpr std::uint64_t counted_ms = 600000;
constexpr unsigned most_unexplained = 5;  // restarts; the next crash within ten minutes is the last
constexpr unsigned most_crashes = 30;     // whoever is to blame: quarantine should have ended it long before

sigset_t watched_signals() {
  sigset_t set;
  sigemptyset(&set);
  constexpr int numbers[] = {SIGTERM, SIGINT, SIGHUP, SIGCHLD};
  for (const int number : numbers) sigaddset(&set, number);
  return set;
}

/// Gives back the pages of this program's own code and constants: they come again from its file when they are needed,
/// which is when the node has ended.
int forget_segments(dl_phdr_info* info, size_t, void*) {
  for (int i = 0; i < info->dlpi_phnum; ++i) {
    const auto& segment = info->dlpi_phdr[i];
    if (segment.p_type != PT_LOAD || (segment.p_flags & PF_W)) continue;
    const auto page = static_cast<uintptr_t>(sysconf(_SC_PAGESIZE));
    const uintptr_t begin = (info->dlpi_addr + segment.p_vaddr) & ~(page - 1);
    const uintptr_t end = info->dlpi_addr + segment.p_vaddr + segment.p_memsz;
    madvise(reinterpret_cast<void*>(begin), end - begin, MADV_DONTNEED);
  }
  return 0;
}

}  // namespace

unsigned supervisor::crash_times::within(std::uint64_t now, std::uint64_t ms) const {
  unsigned count = 0;
  for (unsigned i = 0; i < most && i < next; ++i) count += now - at_ms[i] <= ms;
  return count;
}

int supervisor::run() {
  const auto watched = watched_signals();
  sigprocmask(SIG_BLOCK, &watched, nullptr);
  signal(SIGPIPE, SIG_IGN);
  for (;;) {
    if (!start()) return 1;
    if (after(watch()) == verdict::stop) return exit_code_;
    if (!pause()) return 0;
    ++restarts_;
  }
}

bool supervisor::start() {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) {
    log_line("error", "cannot make a pipe: %s", strerror(errno));
    return false;
  }
  char told[64];
  snprintf(told, sizeof told, "%d,%u", ends[1], restarts_);
  setenv("PARLEY_SUPERVISED", told, 1);
  started_ms_ = now_ms();
  const pid_t me = getpid();
  node_ = fork();
  if (node_ == 0) {
    // The node may not outlive its supervisor: nobody would start it again, and the next one would find its data taken.
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != me) _exit(1);
    fcntl(ends[1], F_SETFD, 0);
    const auto watched = watched_signals();
    sigprocmask(SIG_UNBLOCK, &watched, nullptr);
    signal(SIGPIPE, SIG_DFL);
    execv(command_[0], command_);
    log_line("error", "cannot run %s: %s", command_[0], strerror(errno));
    _exit(2);
  }
  close(ends[1]);
  if (node_ < 0) {
    log_line("error", "cannot fork: %s", strerror(errno));
    close(ends[0]);
    return false;
  }
  last_words_ = ends[0];
  fcntl(last_words_, F_SETFL, O_NONBLOCK);
  return true;
}

int supervisor::watch() {
  dl_iterate_phdr(forget_segments, nullptr);
  const auto watched = watched_signals();
  for (;;) {
    siginfo_t info;
    const int number = sigwaitinfo(&watched, &info);
    if (number < 0) continue;
    if (number != SIGCHLD) {
      pass_on(number, info.si_code);
      continue;
    }
    int status = 0;
    if (waitpid(node_, &status, WNOHANG) != node_) continue;
    read_last_words();
    return status;
  }
}

void supervisor::pass_on(int number, int code) {
  if (number != SIGHUP) stopping_ = true;
  // What the terminal sends goes to the whole group: a node that got it twice would cut its drain short.
  if (code != SI_KERNEL && node_ > 0) kill(node_, number);
}

void supervisor::read_last_words() {
  const auto size = read(last_words_, said_, sizeof said_ - 1);
  said_[size > 0 ? size : 0] = '\0';
  said_[strcspn(said_, "\n")] = '\0';
  close(last_words_);
  last_words_ = -1;
}

supervisor::verdict supervisor::after(int status) {
  if (now_ms() - started_ms_ >= good_run_ms) {
    delay_ms_ = 0;
  }
  if (WIFSIGNALED(status)) return after_crash(status);
  exit_code_ = WEXITSTATUS(status);
  // What could be started before may only be waiting for its database: it is tried as often as after a crash.
  const bool comes_back = exit_code_ == 2 && restarts_ > 0 && !stopping_;
  return comes_back ? after_crash(status) : verdict::stop;
}

supervisor::verdict supervisor::after_crash(int status) {
  const auto now = now_ms();
  const bool plugin = said_[0] == 'P';
  char what[1100];
  if (said_[0]) {
    snprintf(what, sizeof what, "crashed: %s", said_ + 1);
  } else if (WIFSIGNALED(status)) {
    snprintf(what, sizeof what, "was killed by signal %d (%s)", WTERMSIG(status), strsignal(WTERMSIG(status)));
  } else {
    snprintf(what, sizeof what, "could not be started again, its reasons are above");
  }
  if (stopping_) {
    log_line("error", "the node (pid %d) %s; it was being stopped, so it stays down", node_, what);
    exit_code_ = 1;
    return verdict::stop;
  }
  crashes_.add(now);
  if (!plugin) unexplained_.add(now);
  const auto unexplained = unexplained_.within(now, counted_ms), all = crashes_.within(now, counted_ms);
  if (unexplained > most_unexplained || all > most_crashes) {
    log_line("error",
             "the node (pid %d) %s; giving up after %u crashes in 10 minutes that no quarantine can end. Look at "
             "`parleyctl crashes`, then start it by hand",
             node_, what, all);
    exit_code_ = WIFSIGNALED(status) ? 1 : WEXITSTATUS(status);
    return verdict::stop;
  }
  delay_ms_ = delay_ms_ ? (delay_ms_ * 2 > longest_delay_ms ? longest_delay_ms : delay_ms_ * 2) : first_delay_ms;
  log_line("error", "the node (pid %d) %s; it is started again in %llu ms", node_, what,
           static_cast<unsigned long long>(delay_ms_));
  return verdict::again;
}

bool supervisor::pause() {
  node_ = -1;
  const auto watched = watched_signals();
  const auto until = now_ms() + delay_ms_;
  for (auto now = now_ms(); now < until && !stopping_; now = now_ms()) {
    const auto left = until - now;
    const timespec time{static_cast<time_t>(left / 1000), static_cast<long>(left % 1000 * 1000000)};
    siginfo_t info;
    const int number = sigtimedwait(&watched, &info, &time);
    if (number == SIGTERM || number == SIGINT) stopping_ = true;
  }
  return !stopping_;
}

}  // namespace parley::supervisor
