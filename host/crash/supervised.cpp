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

namespace {

/// Returns what went wrong.
std::string run_supervisor(const std::string& executable, const std::vector<std::string>& words) {
  const auto beside = std::filesystem::path(executable).parent_path();
  const std::string places[] = {(beside / "parleyd-supervisor").string(),
                                (beside / "../libexec/parley/parleyd-supervisor").lexically_normal().string()};
  std::string name = "parleyd-supervisor";
  std::vector<char*> arguments{name.data()};
  for (const auto& word : words) arguments.push_back(const_cast<char*>(word.c_str()));  // execv() changes none
  arguments.push_back(nullptr);
  int why = ENOENT;
  for (const auto& place : places) {
    execv(place.c_str(), arguments.data());
    if (errno != ENOENT) why = errno;
  }
  return "cannot run " + places[0] + ": " + std::strerror(why);
}

}  // namespace

void become_supervisor(const std::string& executable, const std::vector<std::string>& words) {
  std::vector<std::string> line{executable};
  line.insert(line.end(), words.begin(), words.end());
  line.emplace_back("--no-supervise");
  const auto why = run_supervisor(executable, line);
  std::fprintf(stderr, "parleyd: %s; nobody will start this node again when it crashes\n", why.c_str());
}

int become_supervisor_of_several(const std::string& executable, const std::vector<named_manifest>& nodes, bool dev) {
  std::vector<std::string> line{"--several"};
  for (const auto& node : nodes) line.push_back(node.name + "=" + node.file);
  line.insert(line.end(), {"--", executable, "run", "--no-supervise"});
  if (dev) line.emplace_back("--dev");
  const auto why = run_supervisor(executable, line);
  std::fprintf(stderr, "parleyd: %s; several nodes need it\n", why.c_str());
  return 2;
}

}  // namespace parley::host::crash
