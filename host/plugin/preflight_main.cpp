#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <iterator>
#include <nlohmann/json.hpp>

#include "host/node/services.hpp"
#include "host/plugin/generation.hpp"
#include "host/plugin/preflight.hpp"
#include "host/plugin/trial_pools.hpp"

namespace parley::host {

namespace {

using json = nlohmann::json;

/// The verdict goes to what was stdout; what the plugin prints meanwhile goes to stderr.
class verdict {
 public:
  verdict() : fd_(dup(STDOUT_FILENO)) { dup2(STDERR_FILENO, STDOUT_FILENO); }
  verdict(const verdict&) = delete;
  ~verdict() { ::close(fd_); }

  int say(std::string_view text) const {
    while (!text.empty()) {
      const ssize_t sent = ::write(fd_, text.data(), text.size());
      if (sent <= 0) return 1;
      text.remove_prefix(static_cast<std::size_t>(sent));
    }
    return 0;
  }
  /// `log`: the reason is in what was logged.
  int no(const std::string& text, status code = status::refused, bool log = false) const {
    return say(
        json{{"error", text}, {"code", raw(code)}, {"log", log}}.dump(-1, ' ', false, json::error_handler_t::replace));
  }

 private:
  int fd_;
};

void be_a_trial() {
  for (const int fault : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT}) std::signal(fault, SIG_DFL);
  const rlimit none{0, 0};
  setrlimit(RLIMIT_CORE, &none);
  prctl(PR_SET_PDEATHSIG, SIGKILL);
}

std::string read_all(int fd) {
  std::string out;
  char buffer[65536];
  for (;;) {
    const ssize_t got = ::read(fd, buffer, sizeof buffer);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return out;
    out.append(buffer, static_cast<std::size_t>(got));
  }
}

struct trial {
  plugin_config config;
  plugin_state state;
  std::vector<sql_pool_config> pools;
  milliseconds deadline{0};
};

result<trial> read_request(const std::string& input) {
  const auto end = input.find('\n');
  const auto head = json::parse(input.substr(0, end), nullptr, false);
  if (!head.is_object() || end == std::string::npos) {
    return error{status::malformed, "a preflight is started by a node, which says on stdin what to try"};
  }
  trial out;
  out.config.name = head.value("name", "");
  const auto config = head.value("config", json::object());
  for (const auto& [key, v] : config.items()) {
    const mark at{v.value("file", ""), v.value("line", 0), v.value("column", 0)};
    out.config.config[key] = {at, v.value("text", ""), at};
  }
  out.config.pools = head.value("named", std::map<std::string, std::string>());
  for (const auto& p : head.value("pools", json::array())) {
    auto& pool = out.pools.emplace_back();
    pool.name = p.value("name", "");
    pool.url = p.value("url", "");
    pool.deadline = milliseconds(p.value("deadline", 0));
    pool.lock_timeout = milliseconds(p.value("lock_timeout", 0));
  }
  out.deadline = milliseconds(head.value("deadline", 0));
  out.state = {head.value("has_state", false), head.value("version", 0u), input.substr(end + 1)};
  return out;
}

int try_it(const verdict& answer, const std::string& copy, const trial& t) {
  auto lib = library::open(staged_file::borrowed(copy), "it");
  if (!lib) return answer.no(lib.text(), lib.code());
  auto info = read_descriptor((*lib)->descriptor(), copy);
  if (!info) return answer.no(info.text(), info.code());
  if (info->name != t.config.name) {
    return answer.no("it calls itself \"" + info->name + "\", but \"" + t.config.name +
                     "\" is asked for: name another file, or load it by its own name");
  }
  std::vector<diagnostic> wrong;
  auto settings = resolve_config(*info, t.config, wrong);
  if (!wrong.empty()) {
    std::string text;
    for (const auto& d : wrong) text += (text.empty() ? "" : "; ") + (d.at.line ? d.to_string() : d.text);
    return answer.no(text, status::malformed);
  }
  const std::string facts = to_json(*info);
  node_services services("preflight", 0);
  auto nothing = std::make_shared<const dispatch_table>(std::vector<generation*>{});
  services.dispatch.swap_table(nothing);
  {
    generation g(services, t.config, std::make_shared<const plugin_info>(std::move(*info)), std::move(*lib), 0,
                 std::move(settings));
    g.on_trial = true;
    trial_pools databases(g, t.pools);
    if (auto made = g.create(); !made) return answer.no(made.text(), made.code(), true);
    if (auto tested = g.await_test(t.deadline); !tested) return answer.no(tested.text(), tested.code(), true);
    if (auto restored = restore_state(g, t.state); !restored) {
      return answer.no(restored.text(), restored.code(), true);
    }
    databases.settle(t.deadline / 4);
    services.timers.stop_all(g);
    g.destroy();
    auto gone = g.take_library();
    if (!gone->unmap()) {
      return answer.no(
          "it stays mapped after its last use: something in it holds on to the loader; build it with "
          "parley_add_plugin()");
    }
  }
  return answer.say(facts);
}

}  // namespace

int preflight_main(const std::string& copy, const std::string& file) {
  be_a_trial();
  const verdict answer;
  const auto request = read_request(read_all(STDIN_FILENO));
  if (!request) return answer.no(request.text(), request.code());
  (void)file;  // for whoever lists processes
  const int code = try_it(answer, copy, *request);
  std::fflush(nullptr);
  _exit(code);  // its verdict is given: what its leftovers do at exit proves nothing
}

}  // namespace parley::host
