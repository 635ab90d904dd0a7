#include "member.hpp"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "log_line.hpp"

namespace parley::supervisor {

namespace {

constexpr std::uint64_t first_delay_ms = 100, longest_delay_ms = 10000, good_run_ms = 60000;
constexpr unsigned most_again = 10;

/// An abstract socket that is gone with its holder. `shown` is how NOTIFY_SOCKET spells it.
int notify_socket(unsigned number, char* shown, std::size_t room) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const int size = snprintf(address.sun_path + 1, sizeof address.sun_path - 1, "parley-%d-%u", getpid(), number);
  snprintf(shown, room, "@parley-%d-%u", getpid(), number);
  const int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (fd < 0) return -1;
  const auto length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + 1 + static_cast<std::size_t>(size));
  if (bind(fd, reinterpret_cast<sockaddr*>(&address), length) == 0) return fd;
  close(fd);
  return -1;
}

}  // namespace

std::uint64_t now_ms() {
  timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return static_cast<std::uint64_t>(now.tv_sec) * 1000 + static_cast<std::uint64_t>(now.tv_nsec) / 1000000;
}

void member::set(const char* name, char** command, unsigned number) {
  name_ = name;
  command_ = command;
  number_ = number;
}

bool member::start() {
  if (notices_ < 0) notices_ = notify_socket(number_, address_, sizeof address_);
  int ends[2];
  if (notices_ < 0 || pipe2(ends, O_CLOEXEC) != 0) {
    log_line("error", "node %s: no socket or pipe for it: %s", name_, strerror(errno));
    state_ = state::ended;
    exit_code_ = 1;
    return false;
  }
  const pid_t me = getpid();
  started_ms_ = now_ms();
  pid_ = fork();
  if (pid_ == 0) become_child(ends[1], me);
  close(ends[1]);
  if (pid_ < 0) {
    log_line("error", "node %s: cannot fork: %s", name_, strerror(errno));
    close(ends[0]);
    state_ = state::ended;
    exit_code_ = 1;
    return false;
  }
  if (output_ >= 0) close(output_);
  output_ = ends[0];
  fcntl(output_, F_SETFL, O_NONBLOCK);
  state_ = state::running;
  return true;
}

void member::become_child(int output, int parent) {
  // As a node dies with its supervisor, that dies with us: somebody has to read what they write.
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent) _exit(1);
  dup2(output, STDOUT_FILENO);
  dup2(output, STDERR_FILENO);
  setenv("NOTIFY_SOCKET", address_, 1);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  signal(SIGPIPE, SIG_DFL);
  execv(command_[0], command_);
  log_line("error", "cannot run %s: %s", command_[0], strerror(errno));
  _exit(2);
}

void member::pass_on(int signal_number) {
  if (state_ == state::running) {
    kill(pid_, signal_number);
  } else if (state_ == state::waiting && signal_number != SIGHUP) {
    state_ = state::ended;
  }
}

void member::ended(int status, bool stopping) {
  pid_ = -1;
  // Its node dies with a supervisor that is killed, and may hold its data a moment longer than the next one waits.
  const bool too_soon = WIFEXITED(status) && WEXITSTATUS(status) == 2 && killed_ && again_ < most_again;
  if ((WIFEXITED(status) && !too_soon) || stopping) {
    state_ = state::ended;
    exit_code_ = WIFEXITED(status) ? WEXITSTATUS(status) : 1;
    return;
  }
  const auto now = now_ms();
  if (now - started_ms_ >= good_run_ms) delay_ms_ = 0;
  delay_ms_ = delay_ms_ == 0 ? first_delay_ms : delay_ms_ * 2 > longest_delay_ms ? longest_delay_ms : delay_ms_ * 2;
  again_at_ms_ = now + delay_ms_;
  state_ = state::waiting;
  again_ = too_soon ? again_ + 1 : 0;
  killed_ = true;
  log_line("error", "the supervisor of node %s %s %d; both are started again in %llu ms", name_,
           too_soon ? "ended with code" : "was killed by signal", too_soon ? WEXITSTATUS(status) : WTERMSIG(status),
           static_cast<unsigned long long>(delay_ms_));
}

bool member::read_output() {
  for (;;) {
    const auto got = read(output_, line_ + held_, sizeof line_ - held_);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return errno == EAGAIN;
    if (got == 0) {
      finish_output();
      close(output_);
      output_ = -1;
      return false;
    }
    held_ += static_cast<std::size_t>(got);
    std::size_t begin = 0;
    while (const void* end = memchr(line_ + begin, '\n', held_ - begin)) {
      const auto next = static_cast<std::size_t>(static_cast<const char*>(end) - line_) + 1;
      write_line(line_ + begin, next - 1 - begin);
      begin = next;
    }
    held_ -= begin;
    memmove(line_, line_ + begin, held_);
    if (held_ == sizeof line_) finish_output();  // goes on as a line of its own
  }
}

void member::finish_output() {
  if (held_ > 0) write_line(line_, held_);
  held_ = 0;
}

void member::write_line(const char* line, std::size_t size) {
  const iovec parts[] = {{const_cast<char*>(name_), strlen(name_)},
                         {const_cast<char*>(": "), 2},
                         {const_cast<char*>(line), size},
                         {const_cast<char*>("\n"), 1}};
  (void)!writev(STDERR_FILENO, parts, 4);
}

bool member::read_notice() {
  char text[256];
  bool first = false;
  for (;;) {
    const auto size = recv(notices_, text, sizeof text - 1, 0);
    if (size < 0) return first;
    text[size] = '\0';
    if (!strstr(text, "READY=1")) continue;
    killed_ = false;
    first = first || !ready_;
    ready_ = true;
  }
}

}  // namespace parley::supervisor
