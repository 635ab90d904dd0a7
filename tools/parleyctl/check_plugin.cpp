#include "tools/parleyctl/check_plugin.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstring>
#include <filesystem>
#include <iostream>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "host/plugin/elf_gate.hpp"
#include "tools/parleyctl/kit.hpp"
#include "tools/parleyctl/table.hpp"

namespace parleyctl {

using json = nlohmann::ordered_json;
using steady = std::chrono::steady_clock;

namespace {

constexpr std::chrono::seconds describe_time{10};
constexpr std::size_t most_output = 1 << 20;

struct described {
  bool ok = false;
  std::string out;  // JSON when ok, else a sentence
};

std::string ended_how(int wait_status, const std::string& said) {
  if (WIFSIGNALED(wait_status))
    return std::string("it crashed the process that loaded it: ") + strsignal(WTERMSIG(wait_status)) +
           "; look at its static constructors and its descriptor" + (said.empty() ? "" : ": " + said);
  return said.empty() ? "the process that loaded it ended with " + std::to_string(WEXITSTATUS(wait_status)) : said;
}

/// Runs `parleyd describe FILE`, whose stdout and stderr come through one pipe each.
described describe(const std::string& file) {
  const std::string parleyd = kit_prefix() + "/bin/parleyd";
  std::array<std::array<int, 2>, 2> pipes;
  for (auto& p : pipes) {
    if (pipe2(p.data(), O_CLOEXEC) != 0) throw std::runtime_error(std::string("no pipe: ") + std::strerror(errno));
  }
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, pipes[0][1], STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&actions, pipes[1][1], STDERR_FILENO);
  std::string word = parleyd, verb = "describe", path = file;
  char* arguments[] = {word.data(), verb.data(), path.data(), nullptr};
  pid_t pid = -1;
  const int failed = posix_spawn(&pid, parleyd.c_str(), &actions, nullptr, arguments, environ);
  posix_spawn_file_actions_destroy(&actions);
  for (auto& p : pipes) close(p[1]);
  std::array<std::string, 2> output;
  bool late = false;
  const auto deadline = steady::now() + describe_time;
  for (int open = failed ? 0 : 2; open > 0;) {
    pollfd fds[2] = {{pipes[0][0], POLLIN, 0}, {pipes[1][0], POLLIN, 0}};
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - steady::now()).count();
    if (left <= 0 || poll(fds, 2, static_cast<int>(left)) == 0) {
      late = true;
      break;
    }
    for (int i = 0; i < 2; ++i) {
      if (!fds[i].revents) continue;
      char buffer[8192];
      const auto count = read(pipes[i][0], buffer, sizeof buffer);
      if (count > 0 && output[i].size() + static_cast<std::size_t>(count) <= most_output) {
        output[i].append(buffer, static_cast<std::size_t>(count));
      } else {
        close(std::exchange(pipes[i][0], -1));
        --open;
      }
    }
  }
  for (auto& p : pipes) {
    if (p[0] >= 0) close(p[0]);
  }
  if (failed) throw std::runtime_error("cannot run " + parleyd + ": " + std::strerror(failed));
  if (late) kill(pid, SIGKILL);
  int wait_status = 0;
  while (waitpid(pid, &wait_status, 0) < 0 && errno == EINTR) {
  }
  if (late) return {false, "it was not described within 10 s: does one of its static constructors wait for something?"};
  while (!output[1].empty() && output[1].back() == '\n') output[1].pop_back();
  if (WIFEXITED(wait_status) && WEXITSTATUS(wait_status) == 0) return {true, output[0]};
  return {false, ended_how(wait_status, output[1])};
}

void show(const json& info) {
  const auto count = [&](const char* what) { return std::to_string(info.value(what, json::array()).size()); };
  std::cout << "  plugin     " << safe(info.value("name", "")) << " " << safe(info.value("version", "")) << ", "
            << safe(info.value("summary", "")) << "\n  ABI        " << info.value("abi_major", 0) << "."
            << info.value("abi_minor", 0) << "\n  serves     " << count("commands") << " commands, " << count("filters")
            << " filters, " << count("routes") << " routes, " << count("verbs") << " verbs\n";
}

}  // namespace

int check_plugin(const std::vector<std::string>& words, bool as_json) {
  if (words.size() != 1 || words[0].starts_with("--"))
    throw std::runtime_error("usage: parleyctl check-plugin FILE.so");
  const std::string& file = words[0];
  std::error_code failed;
  if (!std::filesystem::is_regular_file(file, failed)) throw std::runtime_error("there is no file " + file);

  json problems = json::array();
  const auto gate = parley::host::elf_gate(file);
  for (const auto& f : gate.findings) problems.push_back({{"rule", f.rule}, {"text", f.text}});
  json info;
  const auto told = describe(file);
  if (told.ok) {
    info = json::parse(told.out, nullptr, false);
    if (!info.is_object())
      problems.push_back({{"rule", "descriptor"}, {"text", "it printed something else in place of its descriptor"}});
  } else {
    problems.push_back({{"rule", "descriptor"}, {"text", told.out}});
  }
  if (as_json) {
    std::cout << json{{"file", file},
                      {"ok", problems.empty()},
                      {"build_id", gate.build_id},
                      {"problems", problems},
                      {"plugin", info}}
                     .dump(2)
              << "\n";
  } else {
    std::cout << file
              << (problems.empty() ? " is fit for a host of this kit, and would be unloaded again\n"
                                   : " is not fit:\n");
    if (info.is_object()) show(info);
    for (const auto& p : problems)
      std::cout << "  " << safe(p["rule"].get<std::string>()) << ": " << safe(p["text"].get<std::string>()) << "\n";
  }
  return problems.empty() ? 0 : 1;
}

}  // namespace parleyctl
