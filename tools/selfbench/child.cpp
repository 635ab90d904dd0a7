#include "selfbench/child.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>
#include <stdexcept>
#include <thread>

extern char** environ;

namespace parley::selfbench {
namespace {

volatile std::sig_atomic_t stop_asked = 0;

constexpr std::chrono::milliseconds pause{20};
constexpr std::chrono::seconds patience{15};

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> out;
  for (auto& text : texts) out.push_back(text.data());
  out.push_back(nullptr);
  return out;
}

}  // namespace

void note_signals() {
  for (const int number : {SIGINT, SIGTERM, SIGHUP}) std::signal(number, [](int) { stop_asked = 1; });
}

bool asked_to_stop() {
  return stop_asked != 0;
}

child::child(const std::vector<std::string>& command, const std::map<std::string, std::string>& environment,
             const std::string& output) {
  auto words = command;
  std::vector<std::string> lines;
  for (char** each = environ; *each; ++each) {
    const std::string line = *each;
    if (!environment.contains(line.substr(0, line.find('=')))) lines.push_back(line);
  }
  for (const auto& [name, value] : environment) lines.push_back(name + "=" + value);
  const auto arguments = pointers(words), settings = pointers(lines);
  const pid_t parent = getpid();
  pid_ = fork();
  if (pid_ < 0) throw std::runtime_error(std::string("cannot start a process: ") + std::strerror(errno));
  if (pid_ > 0) return;
  // A group of its own: Ctrl-C is this program's to answer.
  setpgid(0, 0);
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent) _exit(127);
  const int in = open("/dev/null", O_RDONLY), out = open(output.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
  dup2(in, 0);
  dup2(out, 1);
  dup2(out, 2);
  execve(arguments[0], arguments.data(), settings.data());
  _exit(127);
}

child::~child() {
  if (ended_) return;
  kill(pid_, SIGKILL);
  waitpid(pid_, nullptr, 0);
}

std::optional<int> child::wait(std::chrono::milliseconds time) {
  const auto until = std::chrono::steady_clock::now() + time;
  for (;;) {
    if (ended_) return ended_;
    int status = 0;
    if (waitpid(pid_, &status, WNOHANG) == pid_) {
      ended_ = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
      return ended_;
    }
    if (asked_to_stop() || std::chrono::steady_clock::now() >= until) return std::nullopt;
    std::this_thread::sleep_for(pause);
  }
}

void child::stop() {
  if (ended_) return;
  kill(pid_, SIGTERM);
  const auto until = std::chrono::steady_clock::now() + patience;
  while (!ended_ && std::chrono::steady_clock::now() < until) {
    if (!wait(pause)) std::this_thread::sleep_for(pause);
  }
  if (ended_) return;
  kill(pid_, SIGKILL);
  waitpid(pid_, nullptr, 0);
  ended_ = 128 + SIGKILL;
}

}  // namespace parley::selfbench
