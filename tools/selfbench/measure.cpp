#include "selfbench/measure.hpp"

#include <cstdio>
#include <fstream>
#include <stdexcept>

#include "selfbench/child.hpp"
#include "tools/parleyctl/control_client.hpp"

namespace parley::selfbench {
namespace {

using json = nlohmann::ordered_json;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr const char* password = "selfbench";
constexpr seconds start_time{30};

std::string whole_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

/// The end of what a program wrote, for a sentence.
std::string last_words(const std::string& path) {
  auto text = whole_file(path);
  while (text.ends_with('\n')) text.pop_back();
  return text.size() > 600 ? "..." + text.substr(text.size() - 600) : text;
}

void say(const std::string& line) {
  std::fprintf(stderr, "selfbench: %s\n", line.c_str());
}

/// Nothing is limited but by the machine.
std::string manifest(const scratch_directory& scratch) {
  return "node: {name: selfbench, data: '" + scratch.data() + "', control: '" + scratch.file("control") + "'}\n" +
         R"(log: {level: warn}
listeners:
  - {name: clients, kind: pdu, bind: 127.0.0.1, port: 0, heartbeat: 0x0701, max_connections: 20000}
pools:
  main: {kind: sql, url: "${PARLEY_SELFBENCH_SQL}"}
  cpu: {kind: workers}
plugins:
  - name: login
    config: {password_cost: low}
  - message
)";
}

class node {
 public:
  node(const std::string& programs, const scratch_directory& scratch, const std::string& sql)
      : socket_(scratch.file("control")),
        log_(scratch.file("log")),
        process_({programs + "/parleyd", "run", "--no-supervise", scratch.file("node.yaml")}, {{"PARLEY_SELFBENCH_SQL", sql}}, log_) {
    const auto until = std::chrono::steady_clock::now() + start_time;
    while (!ready()) {
      if (asked_to_stop()) throw std::runtime_error("stopped");
      if (process_.wait(milliseconds(50))) throw std::runtime_error("the node does not start: " + last_words(log_));
      if (std::chrono::steady_clock::now() > until) throw std::runtime_error("the node does not get ready in 30 s");
    }
  }
  void stop() { process_.stop(); }
  pid_t pid() const { return process_.pid(); }
  const json& status() const { return status_; }
  std::string address() const {
    for (const auto& one : status_.at("listeners")) {
      if (one.at("kind") == "pdu") return "127.0.0.1:" + std::to_string(one.at("port").get<unsigned>());
    }
    throw std::runtime_error("the node has no listener");
  }
  void add_users(std::uint32_t count) {
    std::string table = "name,password\n";
    for (std::uint32_t i = 1; i <= count; ++i) table += "bench" + std::to_string(i) + "," + password + "\n";
    const auto answer =
        parleyctl::control_client(socket_).request("users import", {{"file", table}}, [](const json&) {});
    if (!answer.value("ok", false)) throw std::runtime_error("users: " + answer.value("error", std::string("refused")));
  }

 private:
  bool ready() {
    try {
      status_ = parleyctl::control_client(socket_).request("status", json::object(), [](const json&) {}).at("result");
      return status_.at("ready").get<bool>();
    } catch (const std::exception&) {
      return false;
    }
  }

  const std::string socket_, log_;
  child process_;
  json status_;
};

/// The results of parley-bench.
json bench(const std::string& programs, const scratch_directory& scratch, std::vector<std::string> words,
           const std::string& address, seconds longest) {
  const auto output = scratch.file(words.front());
  words.insert(words.begin(), programs + "/parley-bench");
  words.insert(words.end(), {"--server", address, "--password", password, "--json"});
  child process(words, {}, output);
  const auto ended = process.wait(longest);
  if (asked_to_stop()) throw std::runtime_error("stopped");
  if (!ended) throw std::runtime_error("the clients did not end in time");
  const auto answer = json::parse(whole_file(output), nullptr, false);
  if (*ended != 0 || !answer.is_object()) throw std::runtime_error("the clients failed: " + last_words(output));
  return answer.at("results");
}

}  // namespace

json measure(const options& o, const std::string& programs, const scratch_directory& scratch, const std::string& sql) {
  std::ofstream(scratch.file("node.yaml")) << manifest(scratch);
  say("starting a node");
  json out;
  {
    node one(programs, scratch, sql);
    const auto users = std::max(2 * o.pairs, o.sessions);
    say("making " + std::to_string(users) + " users");
    one.add_users(users);
    say(std::to_string(o.pairs) + " pairs talk for " + std::to_string(o.seconds) + " s");
    const auto found = bench(programs, scratch,
                             {"chat", "--pairs", std::to_string(o.pairs), "--window", "16", "--seconds",
                              std::to_string(o.seconds), "--warmup", "1", "--histories", "20"},
                             one.address(), seconds(o.seconds + 90));
    out = {{"seconds", o.seconds},
           {"pairs", o.pairs},
           {"window", 16},
           {"acks_per_s", found.at("acks_per_s")},
           {"ack_p50_ms", found.at("ack_p50_ms")},
           {"ack_p99_ms", found.at("ack_p99_ms")},
           {"durable", one.status().at("durable")}};
    one.stop();
  }
  // Anew: what the talk left behind would hide what sessions cost.
  say(std::to_string(o.sessions) + " sessions do nothing");
  node two(programs, scratch, sql);
  const auto found =
      bench(programs, scratch,
            {"idle", "--sessions", std::to_string(o.sessions), "--seconds", "1", "--pid", std::to_string(two.pid())},
            two.address(), seconds(120));
  out["sessions"] = o.sessions;
  out["bytes_per_idle_session"] = found.at("resident_per_session");
  two.stop();
  return out;
}

}  // namespace parley::selfbench
