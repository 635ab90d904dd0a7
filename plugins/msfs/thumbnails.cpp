#include "thumbnails.hpp"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <system_error>

#include "thumbnail/exit_codes.hpp"

namespace msfs {
namespace {

constexpr std::size_t most_failures = 4096;
constexpr std::uint64_t failure_ms = 600'000;

std::string beside_this_program() {
  std::string self(4096, '\0');
  const auto n = readlink("/proc/self/exe", self.data(), self.size());
  self.resize(n > 0 ? static_cast<std::size_t>(n) : 0);
  for (int up = 0; up < 2; ++up) self.resize(self.rfind('/') == self.npos ? 0 : self.rfind('/'));
  const auto found = self + "/libexec/parley-thumbnail";
  return access(found.c_str(), X_OK) == 0 ? found : "";
}

/// posix_spawn's two bags of settings: nothing but these three descriptors, signals as they are by default.
struct spawn_settings {
  posix_spawn_file_actions_t files;
  posix_spawnattr_t attributes;
  spawn_settings(int in, int out) {
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_adddup2(&files, in, STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&files, out, STDOUT_FILENO);
    posix_spawn_file_actions_addopen(&files, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_addclosefrom_np(&files, STDERR_FILENO + 1);
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

/// Its exit code; -1 when it was killed, by us or by its own limits.
int wait_for(pid_t pid, std::uint32_t seconds) {
  const descriptor handle(static_cast<int>(syscall(SYS_pidfd_open, pid, 0)));
  pollfd ended{handle.get(), POLLIN, 0};
  // Its own CPU time is limited to `seconds`; this bounds its life on a machine that is busy or a disk that hangs.
  if (!handle || poll(&ended, 1, static_cast<int>(seconds * 3000)) != 1) kill(pid, SIGKILL);
  int status = 0;
  while (waitpid(pid, &status, 0) < 0) {
    if (errno != EINTR) return -1;
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

}  // namespace

thumbnailer::thumbnailer(std::string program, const limits& most)
    : program_(program.empty() ? beside_this_program() : std::move(program)), most_(most) {}

thumbnailer::outcome thumbnailer::make(const disk& store, const thumbnail_name& wanted) const {
  const auto original = disk::open(store.base(), wanted.original);
  if (!original) return {};
  auto out = store.make_incoming();
  const spawn_settings settings(original.get(), out.fd());
  std::string words[] = {program_,
                         std::to_string(wanted.width),
                         std::to_string(wanted.height),
                         std::to_string(most_.pixels),
                         std::to_string(most_.memory),
                         std::to_string(most_.seconds)};
  char* arguments[] = {words[0].data(), words[1].data(), words[2].data(), words[3].data(),
                       words[4].data(), words[5].data(), nullptr};
  char no_environment[] = "PATH=/usr/bin:/bin";
  char* environment[] = {no_environment, nullptr};
  pid_t pid = 0;
  if (posix_spawn(&pid, program_.c_str(), &settings.files, &settings.attributes, arguments, environment) != 0) {
    return {};
  }
  const int code = wait_for(pid, most_.seconds);
  if (code == thumbnail_exit::no_image || code == -1) return {thumbnail_end::no_image, 0};
  struct stat s;
  if (code != 0 || fstat(out.fd(), &s) != 0 || s.st_size == 0) return {};
  if (fdatasync(out.fd()) != 0) return {};  // half a thumbnail would be kept for ever
  disk::publish(out, store.thumbnails(), thumbnail_path(wanted.original, wanted.width, wanted.height));
  return {thumbnail_end::made, static_cast<std::uint64_t>(s.st_size)};
}

bool thumbnails_under_way::begin(const std::string& path) {
  const auto [place, fresh] = all_.try_emplace(path);
  if (fresh) place->second = std::make_shared<work>();
  return fresh;
}

void thumbnails_under_way::finish(const std::string& path, thumbnail_end how) {
  const auto done = std::move(all_.at(path));
  all_.erase(path);
  done->end = how;
  for (const auto one : done->waiting) one.resume();
}

bool remembered_failures::knows(const std::string& original, std::uint64_t now_ms) const {
  const auto found = until_ms_.find(original);
  return found != until_ms_.end() && found->second > now_ms;
}

void remembered_failures::add(const std::string& original, std::uint64_t now_ms) {
  if (until_ms_.size() >= most_failures) until_ms_.clear();
  until_ms_[original] = now_ms + failure_ms;
}

}  // namespace msfs
