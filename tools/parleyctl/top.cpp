#include "tools/parleyctl/top.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "tools/parleyctl/table.hpp"

namespace parleyctl {

using json = nlohmann::ordered_json;

namespace {

double grown(const json& before, const json& now, const char* key) {
  const double was = before.is_object() ? before.value(key, 0.0) : 0.0;
  return std::max(0.0, now.value(key, 0.0) - was);
}

double rounded(double value, double steps) {
  return std::round(value * steps) / steps;
}

const json* same_generation(const json& all, const json& plugin) {
  for (const auto& p : all) {
    if (p["name"] == plugin["name"] && p["generation"] == plugin["generation"]) return &p;
  }
  return nullptr;
}

}  // namespace

json top_between(const json& before, const json& now) {
  const double ns = std::max(1.0, grown(before, now, "uptime_ns"));
  const double seconds = ns / 1e9;
  const double turns = grown(before, now, "loop_turns");
  std::vector<json> plugins;
  for (const auto& p : now.at("plugins")) {
    const auto* was = same_generation(before.at("plugins"), p);
    const json none;
    const auto& then = was ? *was : none;
    const double loop_ns = grown(then, p, "loop_ns");
    plugins.push_back({{"plugin", p["name"]},
                       {"gen", p["generation"]},
                       {"loop_percent", rounded(100 * loop_ns / ns, 10)},
                       {"us_per_turn", rounded(turns > 0 ? loop_ns / 1000 / turns : 0, 10)},
                       {"calls_per_s", rounded(grown(then, p, "calls") / seconds, 10)},
                       {"errors", p["errors"]},
                       {"p50_us", p["p50_us"]},
                       {"p99_us", p["p99_us"]},
                       {"step_p99_us", rounded(p["step_p99_us"].get<double>(), 10)},
                       {"stalls", p["stalls"]},
                       {"longest_ms", p["longest_stall_ms"]},
                       {"pins", p["pins"]},
                       {"held_bytes", p["held_bytes"]}});
  }
  std::stable_sort(plugins.begin(), plugins.end(), [](const json& a, const json& b) {
    return a["loop_percent"].get<double>() > b["loop_percent"].get<double>();
  });
  return {{"node", now["name"]},
          {"seconds", rounded(seconds, 100)},
          {"sessions", now["sessions"]},
          {"in_flight", now["in_flight"]},
          {"pdus_in_per_s", rounded(grown(before, now, "pdus_in") / seconds, 10)},
          {"pdus_out_per_s", rounded(grown(before, now, "pdus_out") / seconds, 10)},
          {"turns_per_s", rounded(turns / seconds, 10)},
          {"plugins", json(plugins)}};
}

std::string top_text(const json& between) {
  const auto number = [&](const char* key) { return between[key].dump(); };
  std::string out = safe(between["node"].get<std::string>()) + ": " + number("sessions") + " sessions, " +
                    number("in_flight") + " requests in flight, PDUs/s " + number("pdus_in_per_s") + " in " +
                    number("pdus_out_per_s") + " out, loop turns/s " + number("turns_per_s") + "\n\n";
  return out + render(between["plugins"]);
}

}  // namespace parleyctl
