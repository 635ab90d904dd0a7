#include "host/plugin/helper_process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

extern char** environ;

namespace parley::host {

namespace {

constexpr std::size_t most_output = 4 << 20;  // bytes of each stream
constexpr std::size_t most_said = 2000;       // bytes of stderr repeated in an error

/// posix_spawn's two bags of settings. Signals are reset: a host that ignores SIGPIPE is no model for its helper.
struct spawn_settings {
  posix_spawn_file_actions_t files;
  posix_spawnattr_t attributes;

  spawn_settings(int in, int out, int err) {
    posix_spawn_file_actions_init(&files);
    if (in >= 0) {
      posix_spawn_file_actions_adddup2(&files, in, STDIN_FILENO);
    } else {
      posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    }
    posix_spawn_file_actions_adddup2(&files, out, STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&files, err, STDERR_FILENO);
    posix_spawnattr_init(&attributes);
    sigset_t none, every;
    sigemptyset(&none);
    sigfillset(&every);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &every);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  }
  ~spawn_settings() {
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&files);
  }
};

std::string signal_text(int number) {
  const char* name = sigabbrev_np(number);
  const char* words = sigdescr_np(number);
  return "SIG" + std::string(name ? name : std::to_string(number)) + (words ? " (" + std::string(words) + ")" : "");
}

int milliseconds_until(helper_process::clock::time_point deadline) {
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - helper_process::clock::now()).count();
  return static_cast<int>(std::max<decltype(left)>(0, left));
}

}  // namespace

helper_process::helper_process(helper_call call) : call_(std::move(call)) {
  start();
}

helper_process::~helper_process() {
  close_streams();
  if (pid_ > 0) kill_and_wait();
}

void helper_process::start() {
  int out[2] = {-1, -1}, err[2] = {-1, -1};
  if (pipe2(out, O_CLOEXEC) != 0 || pipe2(err, O_CLOEXEC) != 0) {
    failure_ = std::string("no pipe for the helper process: ") + std::strerror(errno);
    for (const int fd : out) {
      if (fd >= 0) ::close(fd);
    }
    return;
  }
  output_[0].fd = out[0];
  output_[1].fd = err[0];
  for (const stream& s : output_) fcntl(s.fd, F_SETFL, O_NONBLOCK);
  {
    spawn_settings settings(call_.input, out[1], err[1]);
    std::vector<char*> arguments{call_.executable.data()};
    for (auto& argument : call_.arguments) arguments.push_back(argument.data());
    arguments.push_back(nullptr);
    const int failed =
        posix_spawn(&pid_, call_.executable.c_str(), &settings.files, &settings.attributes, arguments.data(), environ);
    if (failed != 0) {
      pid_ = -1;
      failure_ = "the helper process " + call_.executable + " does not start: " + std::strerror(failed);
    }
  }
  ::close(out[1]);
  ::close(err[1]);
  if (pid_ < 0) close_streams();
}

void helper_process::read_some(std::size_t which) {
  stream& s = output_[which];
  char buffer[65536];
  const ssize_t got = ::read(s.fd, buffer, sizeof buffer);
  if (got < 0 && (errno == EAGAIN || errno == EINTR)) return;
  if (got > 0 && s.text.size() + static_cast<std::size_t>(got) <= most_output) {
    s.text.append(buffer, static_cast<std::size_t>(got));
    return;
  }
  if (got > 0) {
    failure_ = "its helper process wrote more than " + std::to_string(most_output >> 20) + " MiB";
    kill(pid_, SIGKILL);
  }
  ::close(s.fd);
  s.fd = -1;
}

result<std::string> helper_process::take(clock::time_point deadline) {
  const bool silent = finished();
  close_streams();
  if (pid_ < 0) return error{status::unavailable, call_.file + ": " + failure_};
  int wait_status = 0;
  pid_t reaped = 0;
  // It has closed its output, so it is about to end; a plugin may have made it do otherwise.
  while (silent && (reaped = waitpid(pid_, &wait_status, WNOHANG)) == 0 && clock::now() < deadline) usleep(200);
  if (reaped == 0) {
    kill_and_wait();
    return error{status::timeout, call_.file + " " + call_.too_late};
  }
  pid_ = -1;
  if (!failure_.empty()) return error{status::malformed, call_.file + ": " + failure_};
  if (reaped < 0)
    return error{status::unavailable, call_.file + ": the helper process was lost: " + std::strerror(errno)};
  return judged(wait_status);
}

result<std::string> helper_process::judged(int wait_status) const {
  if (WIFSIGNALED(wait_status)) {
    const int number = WTERMSIG(wait_status);
    const std::string hint = number == SIGBUS ? ": is the file cut short? copy or build it again"
                                              : ": look at its static constructors and its descriptor";
    return error{status::fault, call_.file + " crashed its helper process with " + signal_text(number) + hint + said()};
  }
  if (WEXITSTATUS(wait_status) != 0) {
    const std::string why = said();
    if (why.find(call_.file) != std::string::npos) return error{status::malformed, why.substr(2)};
    return error{status::malformed, call_.file + " ended its helper process with exit status " +
                                        std::to_string(WEXITSTATUS(wait_status)) + why};
  }
  return output_[0].text;
}

std::string helper_process::said() const {
  std::string text = output_[1].text.substr(0, most_said);
  while (!text.empty() && (text.back() == '\n' || text.back() == ' ')) text.pop_back();
  std::replace_if(
      text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }, ' ');
  return text.empty() ? text : "; " + text;
}

void helper_process::close_streams() {
  for (stream& s : output_) {
    if (s.fd >= 0) ::close(s.fd);
    s.fd = -1;
  }
}

void helper_process::kill_and_wait() {
  kill(pid_, SIGKILL);
  waitpid(pid_, nullptr, 0);
  pid_ = -1;
}

void collect(const std::vector<helper_process*>& running, helper_process::clock::time_point deadline) {
  while (std::any_of(running.begin(), running.end(), [](const auto* h) { return !h->finished(); })) {
    std::vector<pollfd> waiting;
    for (const auto* helper : running) {
      for (const int fd : helper->descriptors()) waiting.push_back({fd, POLLIN, 0});
    }
    const int ready = poll(waiting.data(), waiting.size(), milliseconds_until(deadline));
    if (ready == 0 || (ready < 0 && errno != EINTR)) return;
    for (std::size_t i = 0; ready > 0 && i < waiting.size(); ++i) {
      if (waiting[i].revents != 0) running[i / 2]->read_some(i % 2);
    }
  }
}

}  // namespace parley::host
