// parleyd: runs the nodes of manifests, or checks them.
#include <sys/resource.h>

#include <unistd.h>

#include <cerrno>
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
#include "host/node/service_manager.hpp"
#include "host/plugin/describe_helper.hpp"
#include "host/plugin/preflight.hpp"

namespace {

constexpr const char* usage_text =
    "usage: parleyd run [--dev] [--no-supervise] MANIFEST...\n"
    "                                  run the nodes that manifests describe, and each again when it has crashed\n"
    "         --dev                    replace plugins as they are built\n"
    "         --no-supervise           one node, without the process that starts it again: for debuggers\n"
    "       parleyd check MANIFEST...  find everything wrong with manifests, and with several side by side, with\n"
    "                                  file:line:column\n"
    "       parleyd describe FILE.so   print a plugin's descriptor as JSON\n"
    "       parleyd selfbench          what this machine can do; see selfbench --help\n"
    "       parleyd --version\n"
    "\n"
    "SIGTERM or SIGINT drains: no new connections, what is in flight is finished, then it exits 0. SIGHUP applies a\n"
    "changed manifest, or refuses it whole.\n"
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
  std::vector<std::string> manifests;
  bool supervise = true;
  bool dev = false;
};
std::optional<run_arguments> read_run_arguments(const std::vector<std::string>& words) {
  run_arguments out;
  for (std::size_t i = 1; i < words.size(); ++i) {
    if (words[i] == "--no-supervise") {
      out.supervise = false;
    } else if (words[i] == "--dev") {
      out.dev = true;
    } else if (words[i].starts_with("--")) {
      return std::nullopt;
    } else {
      out.manifests.push_back(words[i]);
    }
  }
  if (out.manifests.empty()) return std::nullopt;
  return out;
}

int run(const std::string& executable, const run_arguments& arguments) {
  using namespace parley::host;
  const auto supervised = crash::read_supervised();
  raise_descriptor_limit();
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);  // a limit on file sizes is a full disk, not the end
  std::vector<diagnostic> errors;
  const std::string& file = arguments.manifests.front();
  auto m = load_manifest(file, errors);
  int code = 2;
  if (errors.empty()) {
    crash::install_handler({m.data, m.name, supervised.fd});
    node n(std::move(m), executable, {.by_hand = supervised.restarts == 0, .dev = arguments.dev});
    if (n.start(errors)) {
      tell_service_manager("READY=1\n");
      code = n.run();
    }
  }
  for (const auto& e : errors) std::fprintf(stderr, "%s\n", e.to_string().c_str());
  if (!errors.empty()) std::fprintf(stderr, "parleyd: %s: not started\n", file.c_str());
  return code;
}

int run_several(const std::string& executable, const run_arguments& arguments) {
  using namespace parley::host;
  if (!arguments.supervise) {
    std::fprintf(stderr, "parleyd: --no-supervise runs one node in this process: name one manifest\n");
    return 2;
  }
  std::vector<crash::named_manifest> nodes;
  {
    const checked_files checked = check_files(executable, arguments.manifests);
    for (const auto& e : checked.errors) std::fprintf(stderr, "%s\n", e.to_string().c_str());
    if (!checked.errors.empty()) {
      std::fprintf(stderr, "parleyd: not started\n");
      return 2;
    }
    for (std::size_t i = 0; i < checked.nodes.size(); ++i) {
      nodes.push_back({checked.nodes[i].config.name, arguments.manifests[i]});
    }
  }
  return crash::become_supervisor_of_several(executable, nodes, arguments.dev);
}

/// A program beside this one: a node knows no clients.
int selfbench(const std::string& executable, std::vector<std::string> words) {
  const auto program = (std::filesystem::path(executable).parent_path() / "parley-selfbench").string();
  words.front() = program;
  std::vector<char*> arguments;
  for (auto& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  execv(program.c_str(), arguments.data());
  std::fprintf(stderr, "parleyd: cannot start %s: %s; it is built and installed beside parleyd\n", program.c_str(),
               std::strerror(errno));
  return 2;
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string> words(argv + 1, argv + argc);
  const std::string verb = words.empty() ? "--help" : words[0];
  std::error_code failed;
  const std::string executable = std::filesystem::read_symlink("/proc/self/exe", failed).string();
  if (verb == "run") {
    if (const auto arguments = read_run_arguments(words)) {
      if (arguments->manifests.size() > 1) return run_several(executable, *arguments);
      if (arguments->supervise) parley::host::crash::become_supervisor(executable, words);
      return run(executable, *arguments);
    }
  }
  if (verb == "check" && words.size() >= 2)
    return parley::host::check_main(executable, {words.begin() + 1, words.end()});
  if (verb == "describe" && words.size() == 2) return parley::host::describe_main(words[1]);
  if (verb == "selfbench") return selfbench(executable, words);
  if (verb == "preflight" && words.size() == 3) return parley::host::preflight_main(words[1], words[2]);
  if (verb == "--version") {
    std::printf("parleyd %s, plugin ABI %d.%d\n", PARLEY_VERSION, PARLEY_ABI_MAJOR, PARLEY_ABI_MINOR);
    return 0;
  }
  std::fputs(usage_text, verb == "--help" ? stdout : stderr);
  return verb == "--help" ? 0 : 2;
}
