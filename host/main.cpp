// parleyd: runs one manifest's node, or checks manifests.
#include <sys/resource.h>

#include <csignal>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "host/config/check_command.hpp"
#include "host/crash/handler.hpp"
#include "host/crash/supervised.hpp"
#include "host/node/node.hpp"
#include "host/plugin/describe_helper.hpp"

namespace {

constexpr const char* usage_text =
    "usage: parleyd run MANIFEST       run the node that a manifest describes, and again when it has crashed\n"
    "         --no-supervise           without the process that does that: for debuggers\n"
    "       parleyd check MANIFEST...  find everything wrong with manifests, with file:line:column\n"
    "       parleyd describe FILE.so   print a plugin's descriptor as JSON\n"
    "       parleyd --version\n"
    "\n"
    "SIGTERM or SIGINT drains: no new connections, what is in flight is finished, then it exits 0.\n"
    "parleyctl talks to the running node. Exit status: 0 done, 1 failed while running, 2 cannot start.\n";

// Every session is a descriptor; the soft limit is a default for other kinds of program.
void raise_descriptor_limit() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
}

/// `run`'s arguments; nothing when they are not understood.
struct run_arguments {
  std::string manifest;
  bool supervise = true;
};
std::optional<run_arguments> read_run_arguments(const std::vector<std::string>& words) {
  run_arguments out;
  for (std::size_t i = 1; i < words.size(); ++i) {
    if (words[i] == "--no-supervise") {
      out.supervise = false;
    } else if (words[i].starts_with("--") || !out.manifest.empty()) {
      return std::nullopt;
    } else {
      out.manifest = words[i];
    }
  }
  if (out.manifest.empty()) return std::nullopt;
  return out;
}

int run(const std::string& executable, const std::string& file) {
  using namespace parley::host;
  const auto supervised = crash::read_supervised();
  raise_descriptor_limit();
  std::signal(SIGPIPE, SIG_IGN);
  std::vector<diagnostic> errors;
  auto m = load_manifest(file, errors);
  int code = 2;
  if (errors.empty()) {
    crash::install_handler({m.data, m.name, supervised.fd});
    node n(std::move(m), executable, supervised.restarts == 0);
    if (n.start(errors)) code = n.run();
  }
  for (const auto& e : errors) std::fprintf(stderr, "%s\n", e.to_string().c_str());
  if (!errors.empty()) std::fprintf(stderr, "parleyd: %s: not started\n", file.c_str());
  return code;
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string> words(argv + 1, argv + argc);
  const std::string verb = words.empty() ? "--help" : words[0];
  std::error_code failed;
  const std::string executable = std::filesystem::read_symlink("/proc/self/exe", failed).string();
  if (verb == "run") {
    if (const auto arguments = read_run_arguments(words)) {
      if (arguments->supervise) parley::host::crash::become_supervisor(executable, words);
      return run(executable, arguments->manifest);
    }
  }
  if (verb == "check" && words.size() >= 2)
    return parley::host::check_main(executable, {words.begin() + 1, words.end()});
  if (verb == "describe" && words.size() == 2) return parley::host::describe_main(words[1]);
  if (verb == "--version") {
    std::printf("parleyd %s, plugin ABI %d.%d\n", PARLEY_VERSION, PARLEY_ABI_MAJOR, PARLEY_ABI_MINOR);
    return 0;
  }
  std::fputs(usage_text, verb == "--help" ? stdout : stderr);
  return verb == "--help" ? 0 : 2;
}
