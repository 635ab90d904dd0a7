#include "tools/parleyctl/torture.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstring>
#include <iostream>
#include <stdexcept>

#include "tools/parleyctl/control_client.hpp"
#include "tools/parleyctl/table.hpp"

extern char** environ;

namespace parleyctl {

using json = nlohmann::ordered_json;

namespace {

constexpr std::size_t sessions = 8;
constexpr std::chrono::seconds session_life{5};  // well within what a node grants those who do not log in
constexpr std::size_t enough_for_a_slope = 200;  // reloads; below, the first ones' warm memory is most of it
constexpr double steepest_kib = 4;               // per reload
constexpr std::int64_t most_mappings = 8;        // that a node's own growth may add

struct plan {
  std::string plugin;
  unsigned long reloads = 1000;
  unsigned long every_ms = 0;
  std::string traffic;
};

plan read_plan(const std::vector<std::string>& words) {
  const auto usage = [](const std::string& why) {
    return std::runtime_error(why +
                              "; usage: parleyctl torture PLUGIN [--reloads 1000] [--every MS] [--traffic COMMAND]");
  };
  plan out;
  for (std::size_t i = 1; i < words.size(); ++i) {
    const auto& word = words[i];
    if (!word.starts_with("--")) {
      if (!out.plugin.empty()) throw usage("one plugin at a time");
      out.plugin = word;
      continue;
    }
    if (i + 1 >= words.size()) throw usage(word + " needs a value");
    const auto& value = words[++i];
    char* end = nullptr;
    const auto number = std::strtoul(value.c_str(), &end, 10);
    const bool whole = !value.empty() && *end == '\0' && number <= 10'000'000;
    if (word == "--traffic") {
      out.traffic = value;
    } else if (word == "--reloads" && whole && number > 0) {
      out.reloads = number;
    } else if (word == "--every" && whole) {
      out.every_ms = number;
    } else {
      throw usage("cannot make sense of " + word + " " + value);
    }
  }
  if (out.plugin.empty()) throw usage("say which plugin");
  return out;
}

/// One connection of the protocol: 16 bytes there, the same 16 bytes back.
class heartbeats {
 public:
  heartbeats(const std::string& address, std::uint16_t port) : address_(address), port_(port) { connect_anew(); }
  heartbeats(const heartbeats&) = delete;
  ~heartbeats() {
    if (fd_ >= 0) close(fd_);
  }
  /// Before a reload, so that each of them has witnesses from before it.
  void renew_when_old() {
    if (std::chrono::steady_clock::now() - since_ > session_life) connect_anew();
  }
  /// False when it does not come back, or another does.
  bool beat() {
    ++seq_;
    // Length, version, flags, service 7, command 0x0701, seq.
    const auto high = static_cast<unsigned char>(seq_ >> 8), low = static_cast<unsigned char>(seq_);
    const std::array<unsigned char, 16> sent{0, 0, 0, 16, 0, 1, 0, 0, 0, 7, 7, 1, high, low, 0, 0};
    std::array<unsigned char, 16> got{};
    return send(fd_, sent.data(), sent.size(), MSG_NOSIGNAL) == 16 &&
           recv(fd_, got.data(), got.size(), MSG_WAITALL) == 16 &&
           std::equal(sent.begin() + 8, sent.end(), got.begin() + 8);
  }

 private:
  void connect_anew() {
    if (fd_ >= 0) close(fd_);
    fd_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    since_ = std::chrono::steady_clock::now();
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(port_);
    if (inet_pton(AF_INET, address_ == "0.0.0.0" ? "127.0.0.1" : address_.c_str(), &to.sin_addr) != 1 ||
        connect(fd_, reinterpret_cast<const sockaddr*>(&to), sizeof to) != 0) {
      throw std::runtime_error("cannot connect to " + address_ + ":" + std::to_string(port_) + ": " +
                               std::strerror(errno));
    }
    const timeval patience{20, 0};
    setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  }

  std::string address_;
  std::uint16_t port_;
  int fd_ = -1;
  std::uint16_t seq_ = 0;
  std::chrono::steady_clock::time_point since_;
};

/// A shell command beside us.
class beside {
 public:
  explicit beside(const std::string& command) {
    if (command.empty()) return;
    std::string shell = "sh", flag = "-c", text = command;
    char* arguments[] = {shell.data(), flag.data(), text.data(), nullptr};
    if (const int failed = posix_spawn(&pid_, "/bin/sh", nullptr, nullptr, arguments, environ)) {
      throw std::runtime_error(std::string("cannot run the traffic: ") + std::strerror(failed));
    }
  }
  beside(const beside&) = delete;
  ~beside() {
    if (pid_ > 0 && !ended_) {
      kill(pid_, SIGTERM);
      waitpid(pid_, nullptr, 0);
    }
  }
  /// Its exit status, once it has ended; 0 when there is none.
  int wait() {
    if (pid_ <= 0) return 0;
    int how = 0;
    waitpid(pid_, &how, 0);
    ended_ = true;
    return WIFEXITED(how) ? WEXITSTATUS(how) : 128;
  }

 private:
  pid_t pid_ = -1;
  bool ended_ = false;
};

/// By least squares, per sample.
double slope(const std::vector<double>& values) {
  const auto n = static_cast<double>(values.size());
  double sum_x = 0, sum_y = 0, sum_xx = 0, sum_xy = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const auto x = static_cast<double>(i);
    sum_x += x;
    sum_y += values[i];
    sum_xx += x * x;
    sum_xy += x * values[i];
  }
  const double spread = n * sum_xx - sum_x * sum_x;
  return spread > 0 ? (n * sum_xy - sum_x * sum_y) / spread : 0;
}

double quantile(std::vector<double> values, double q) {
  if (values.empty()) return 0;
  std::sort(values.begin(), values.end());
  return values[std::min(values.size() - 1, static_cast<std::size_t>(q * static_cast<double>(values.size())))];
}

class run_of_reloads {
 public:
  run_of_reloads(const std::string& socket, plan what) : node_(socket), what_(std::move(what)) {}

  int run(bool as_json) {
    before_ = ask("reloads");
    connect_sessions();
    beside traffic(what_.traffic);
    for (unsigned long i = 0; i < what_.reloads; ++i) one();
    const int ended = traffic.wait();
    settle();
    judge(ended);
    const auto table = result();
    std::cout << (as_json ? table.dump(2) + "\n" : render(table));
    for (const auto& p : problems_) std::cerr << "parleyctl: torture: " << p << "\n";
    return problems_.empty() ? 0 : 1;
  }

 private:
  json ask(const std::string& verb, const json& args = json::object()) {
    auto answer = node_.request(verb, args, [](const json&) {});
    if (!answer.value("ok", false))
      throw std::runtime_error(verb + ": " + answer.value("error", std::string("refused")));
    return answer["result"];
  }

  void connect_sessions() {
    for (const auto& l : ask("status").value("listeners", json::array())) {
      if (l.value("kind", "") != "pdu" || !lines_.empty()) continue;
      for (std::size_t i = 0; i < sessions; ++i) {
        lines_.push_back(
            std::make_unique<heartbeats>(l.value("address", std::string()), l.value("port", std::uint16_t{0})));
      }
    }
  }

  void one() {
    for (auto& line : lines_) line->renew_when_old();
    const auto began = std::chrono::steady_clock::now();
    const auto done = ask("reload", {{"name", what_.plugin}});
    const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - began;
    times_ms_.push_back(took.count());
    for (const auto& row : done) in_flight_ = std::max(in_flight_, row.value("in_flight", std::uint64_t{0}));
    for (auto& line : lines_) lost_ += !line->beat();
    if (times_ms_.size() % 10 == 0) resident_.push_back(ask("reloads").value("resident_kib", 0.0));
    if (what_.every_ms > took.count())
      poll(nullptr, 0, static_cast<int>(static_cast<double>(what_.every_ms) - took.count()));
  }

  /// Until everybody who was replaced is gone, or a probation and a quiesce time have passed twice.
  void settle() {
    for (int i = 0; i < 600; ++i) {
      after_ = ask("reloads");
      if (after_["leaving"] == 0 && after_["in_probation"] == 0 && grown("retired") == grown("unmapped")) return;
      poll(nullptr, 0, 100);
    }
  }

  std::int64_t grown(const char* key) const {
    return after_.value(key, std::int64_t{0}) - before_.value(key, std::int64_t{0});
  }
  double growth() const {
    // The first tenth warms memory up that is used again.
    const auto warm = resident_.begin() + static_cast<std::ptrdiff_t>(resident_.size() / 10);
    return slope({warm, resident_.end()}) / 10;
  }

  void judge(int traffic) {
    const auto expect = [this](bool holds, const std::string& text) {
      if (!holds) problems_.push_back(text);
    };
    expect(lost_ == 0, std::to_string(lost_) + " heartbeats were lost or came out of order");
    expect(traffic == 0, "the traffic ended with " + std::to_string(traffic));
    expect(grown("retired") >= static_cast<std::int64_t>(what_.reloads), "not every replaced generation has gone");
    expect(grown("unmapped") == grown("retired"),
           std::to_string(grown("retired") - grown("unmapped")) + " stay mapped");
    expect(after_["lingering"] == 0, "generations linger: `parleyctl plugins` shows what keeps them");
    expect(grown("mappings") <= most_mappings, std::to_string(grown("mappings")) + " more mappings than before");
    expect(what_.reloads < enough_for_a_slope || growth() < steepest_kib,
           "memory grows by " + std::to_string(growth()) + " KiB per reload");
  }

  json result() const {
    return {{"plugin", what_.plugin},
            {"reloads", what_.reloads},
            {"reload_ms_p50", quantile(times_ms_, 0.5)},
            {"reload_ms_p99", quantile(times_ms_, 0.99)},
            {"loop_cpu_us_p50", after_["loop_cpu_us_p50"]},
            {"loop_cpu_us_p99", after_["loop_cpu_us_p99"]},
            {"most_in_flight", in_flight_},
            {"heartbeats_lost", lost_},
            {"retired", grown("retired")},
            {"unmapped", grown("unmapped")},
            {"lingering", after_["lingering"]},
            {"mappings_grown", grown("mappings")},
            {"resident_kib_before", before_["resident_kib"]},
            {"resident_kib_after", after_["resident_kib"]},
            {"resident_kib_per_reload", growth()},
            {"held", problems_.empty()}};
  }

  control_client node_;
  plan what_;
  json before_, after_;
  std::vector<std::unique_ptr<heartbeats>> lines_;
  std::vector<double> times_ms_, resident_;
  std::uint64_t in_flight_ = 0, lost_ = 0;
  std::vector<std::string> problems_;
};

}  // namespace

int torture(const std::string& socket, const std::vector<std::string>& words, bool as_json) {
  return run_of_reloads(socket, read_plan(words)).run(as_json);
}

}  // namespace parleyctl
