#include "support/process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstring>

#include "support/temp_dir.hpp"

extern char** environ;

namespace parley::test {
namespace {

/// Our environment with `more` on top, as posix_spawn wants it.
std::vector<std::string> merged_environment(const std::map<std::string, std::string>& more) {
  std::vector<std::string> merged;
  for (char** each = environ; *each; ++each) {
    const std::string_view line(*each);
    if (!more.contains(std::string(line.substr(0, line.find('='))))) merged.emplace_back(line);
  }
  for (const auto& [name, value] : more) merged.push_back(name + "=" + value);
  return merged;
}

std::vector<char*> pointers(const std::vector<std::string>& texts) {
  std::vector<char*> out;
  for (const auto& text : texts) out.push_back(const_cast<char*>(text.c_str()));
  out.push_back(nullptr);
  return out;
}

}  // namespace

process::process(const options& what) {
  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  int ends[2] = {-1, -1};
  if (what.typed_to && socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) {
    throw failure("socketpair: " + std::string(std::strerror(errno)));
  }
  if (what.typed_to) {
    posix_spawn_file_actions_adddup2(&files, ends[1], 0);
  } else {
    posix_spawn_file_actions_addopen(&files, 0, "/dev/null", O_RDONLY, 0);
  }
  posix_spawn_file_actions_addopen(&files, 1, what.output.empty() ? "/dev/null" : what.output.c_str(),
                                   O_WRONLY | O_CREAT | O_APPEND, 0644);
  posix_spawn_file_actions_adddup2(&files, 1, 2);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);
  posix_spawnattr_setpgroup(&attributes, 0);
  const auto environment = merged_environment(what.environment);
  const int error = posix_spawnp(&pid_, what.command.at(0).c_str(), &files, &attributes, pointers(what.command).data(),
                                 pointers(environment).data());
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&files);
  input_ = ends[0];
  if (ends[1] >= 0) close(ends[1]);
  if (error != 0) throw failure("cannot start " + what.command[0] + ": " + std::strerror(error));
  pidfd_ = static_cast<int>(syscall(SYS_pidfd_open, pid_, 0));
  if (pidfd_ < 0) throw failure("pidfd_open: " + std::string(std::strerror(errno)));
}

process::~process() {
  kill9();
  close(pidfd_);
  end_input();
}

void process::signal(int number) {
  if (!ending_) kill(pid_, number);
}

bool process::type(std::string line) {
  line += '\n';
  return send(input_, line.data(), line.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(line.size());
}

void process::end_input() {
  if (input_ >= 0) close(input_);
  input_ = -1;
}

std::optional<ending> process::ended_within(milliseconds time) {
  if (ending_) return ending_;
  pollfd watched{pidfd_, POLLIN, 0};
  if (poll(&watched, 1, static_cast<int>(time.count())) != 1) return std::nullopt;
  int status = 0;
  if (waitpid(pid_, &status, 0) != pid_) return std::nullopt;
  ending_ = WIFSIGNALED(status) ? ending{128 + WTERMSIG(status), WTERMSIG(status)} : ending{WEXITSTATUS(status), 0};
  return ending_;
}

void process::kill9() {
  kill(-pid_, SIGKILL);
  ended_within(milliseconds(60000));
}

outcome run(const std::vector<std::string>& command, const std::map<std::string, std::string>& environment,
            milliseconds time) {
  temp_dir scratch;
  const auto output = scratch.path() / "output";
  process child({command, environment, output});
  const auto end = child.ended_within(patience(time));
  const auto text = read_file(output);
  if (!end) throw failure(command[0] + " did not end in time; it said:\n" + last_lines(text, 40));
  return {*end, text};
}

}  // namespace parley::test
