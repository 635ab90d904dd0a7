#include "host/crash/supervised.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>

namespace parley::host::crash {

supervised read_supervised() {
  supervised out;
  const char* told = std::getenv("PARLEY_SUPERVISED");
  if (!told) return out;
  int fd = -1;
  unsigned restarts = 0;
  if (std::sscanf(told, "%d,%u", &fd, &restarts) == 2 && fd > 2 && fcntl(fd, F_SETFD, FD_CLOEXEC) == 0) {
    out = {fd, restarts};
  }
  unsetenv("PARLEY_SUPERVISED");
  return out;
}

void become_supervisor(const std::string& executable, const std::vector<std::string>& words) {
  const auto beside = std::filesystem::path(executable).parent_path();
  const std::string places[] = {(beside / "parleyd-supervisor").string(),
                                (beside / "../libexec/parley/parleyd-supervisor").lexically_normal().string()};
  std::vector<std::string> line{"parleyd-supervisor", executable};
  line.insert(line.end(), words.begin(), words.end());
  line.emplace_back("--no-supervise");
  std::vector<char*> arguments;
  for (auto& word : line) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  int why = ENOENT;
  for (const auto& place : places) {
    execv(place.c_str(), arguments.data());
    if (errno != ENOENT) why = errno;
  }
  std::fprintf(stderr, "parleyd: cannot run %s: %s; nobody will start this node again when it crashes\n",
               places[0].c_str(), std::strerror(why));
}

}  // namespace parley::host::crash
