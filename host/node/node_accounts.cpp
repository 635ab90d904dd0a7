// What plugins cost, for `parleyctl top` and /metrics.
#include <spdlog/fmt/fmt.h>

#include <cstdio>

#include "host/node/node.hpp"

namespace parley::host {

using json = nlohmann::ordered_json;

namespace {

/// Every fourth power of two from 1 us to 69 s, in the unit Prometheus wants.
constexpr unsigned first_power = 10, last_power = 36, power_step = 2;

void show_histogram(std::string& out, const char* name, const std::string& labels, const log_linear& h) {
  for (unsigned power = first_power; power <= last_power; power += power_step) {
    out += fmt::format("{}_bucket{{{},le=\"{}\"}} {}\n", name, labels,
                       static_cast<double>(std::uint64_t{1} << power) / 1e9, h.below_power(power));
  }
  out += fmt::format("{}_bucket{{{},le=\"+Inf\"}} {}\n{}_sum{{{}}} {}\n{}_count{{{}}} {}\n", name, labels, h.count(),
                     name, labels, static_cast<double>(h.sum()) / 1e9, name, labels, h.count());
}

void head(std::string& out, const char* name, const char* help) {
  out += fmt::format("# HELP {} {}\n# TYPE {} histogram\n", name, help, name);
}

std::uint64_t resident_kib() {
  unsigned long whole = 0, pages = 0;
  if (FILE* f = std::fopen("/proc/self/statm", "re")) {
    if (std::fscanf(f, "%lu %lu", &whole, &pages) != 2) pages = 0;
    std::fclose(f);
  }
  return std::uint64_t{pages} * 4;
}

}  // namespace

void node::book(const stall& s) {
  for (auto* g : plugins_.active()) {
    if (g->name() != s.plugin || g->number() != s.generation) continue;
    ++g->account.stalls;
    g->account.longest_stall_ms = std::max(g->account.longest_stall_ms, s.ms);
  }
}

json node::top_json() {
  json plugins = json::array();
  for (const auto* g : plugins_.active()) {
    const auto& a = g->account;
    plugins.push_back({{"name", g->name()},
                       {"generation", g->number()},
                       {"calls", g->calls},
                       {"errors", g->errors},
                       {"p50_us", a.latencies.quantile(0.5) / 1000},
                       {"p99_us", a.latencies.quantile(0.99) / 1000},
                       {"loop_ns", a.steps.sum()},
                       {"step_p99_us", static_cast<double>(a.steps.quantile(0.99)) / 1000},
                       {"stalls", a.stalls},
                       {"longest_stall_ms", a.longest_stall_ms},
                       {"pins", g->pin_count},
                       {"held_bytes", services_.dispatch.bytes_held(*g)}});
  }
  const auto& s = services_.sessions.counters();
  return {{"name", manifest_.name},
          {"uptime_ns", uv_hrtime() - started_ms_ * 1000000},
          {"loop_turns", services_.loop.turns()},
          {"sessions", services_.sessions.size()},
          {"in_flight", services_.dispatch.in_flight()},
          {"pdus_in", s.pdus_in},
          {"pdus_out", s.pdus_out},
          {"plugins", std::move(plugins)}};
}

json node::stats_json() {
  auto out = top_json();
  const auto& s = services_.sessions.counters();
  out.erase("name");
  out["at_ms"] = services_.loop.wall_ms();
  out["uptime_ms"] = services_.loop.now_ms() - started_ms_;
  out["logged_in"] = services_.sessions.authenticated_count();
  out["logins"] = s.authenticated;
  out["failed_requests"] = services_.dispatch.counters().failed;
  out["resident_kib"] = resident_kib();
  out["pools"] = pools_.to_json();
  return out;
}

std::string node::plugin_histograms() const {
  std::string out;
  const auto each = [&](const char* name, const char* help, auto&& member) {
    head(out, name, help);
    for (const auto* g : plugins_.active()) {
      show_histogram(out, name, "plugin=\"" + g->name() + "\",generation=\"" + std::to_string(g->number()) + "\"",
                     g->account.*member);
    }
  };
  each("parley_plugin_latency_seconds", "from the start of a command to its end; sampled, so counts are estimates",
       &account::latencies);
  each("parley_plugin_step_seconds", "each time the loop was in the plugin's code; sampled, so counts are estimates",
       &account::steps);
  return out;
}

}  // namespace parley::host
