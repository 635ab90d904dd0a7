// The life cycle as operators see it.
#include <algorithm>

#include "host/node/lifecycle.hpp"

namespace parley::host {

using json = nlohmann::ordered_json;

namespace {

json row(const generation& g, std::size_t held_bytes, std::uint64_t now_ms) {
  std::map<std::string, std::size_t> kinds;
  for (auto* h = g.pins.next; h != &g.pins; h = h->next) ++kinds[to_string(static_cast<const pin*>(h)->kind)];
  json pins = json::object();
  for (const auto& [kind, count] : kinds) pins[kind] = count;
  json out = {{"name", g.name()},
              {"version", g.info().version},
              {"file", g.info().file},
              {"generation", g.number()},
              {"state", to_string(g.state)},
              {"probation_ms", nullptr},
              {"commands", g.info().commands.size()},
              {"calls", g.calls},
              {"errors", g.errors},
              {"p50_us", g.account.latencies.quantile(0.5) / 1000},
              {"p99_us", g.account.latencies.quantile(0.99) / 1000},
              {"loop_ms", g.account.steps.sum() / 1000000},
              {"stalls", g.account.stalls},
              {"held_bytes", held_bytes},
              {"pins", std::move(pins)},
              {"build_id", g.build_id().substr(0, 12)},
              {"summary", g.info().summary}};
  if (g.state == generation_state::lingering) out["held_by"] = pins_json(g, now_ms);
  return out;
}

/// Kilobytes of this process in memory, and how many mappings it has.
std::pair<std::uint64_t, std::uint64_t> memory() {
  std::uint64_t resident = 0, mappings = 0;
  if (FILE* f = std::fopen("/proc/self/statm", "re")) {
    unsigned long whole = 0, pages = 0;
    if (std::fscanf(f, "%lu %lu", &whole, &pages) == 2) resident = std::uint64_t{pages} * 4;
    std::fclose(f);
  }
  if (FILE* f = std::fopen("/proc/self/maps", "re")) {
    for (int c = std::getc(f); c != EOF; c = std::getc(f)) mappings += c == '\n';
    std::fclose(f);
  }
  return {resident, mappings};
}

std::uint64_t quantile(std::vector<std::uint64_t> values, double q) {
  if (values.empty()) return 0;
  std::sort(values.begin(), values.end());
  return values[std::min(values.size() - 1, static_cast<std::size_t>(q * static_cast<double>(values.size())))];
}

}  // namespace

json lifecycle::generations_json() const {
  const auto now = services_.loop.now_ms();
  json out = json::array();
  for (const auto* g : plugins_.active()) {
    auto& active = out.emplace_back(row(*g, services_.dispatch.bytes_held(*g), now));
    const auto found = fallbacks_.find(g->name());
    if (found == fallbacks_.end()) continue;
    active["probation_ms"] = found->second.ends_ms > now ? found->second.ends_ms - now : 0;
    out.push_back(row(*found->second.previous, services_.dispatch.bytes_held(*found->second.previous), now));
  }
  for (const auto* g : retirements_.leaving()) out.push_back(row(*g, services_.dispatch.bytes_held(*g), now));
  for (const auto& info : plugins_.away(plugins_.active())) {
    out.push_back({{"name", info->name},
                   {"version", info->version},
                   {"state", "quarantined"},
                   {"commands", info->commands.size()},
                   {"summary", "crashed too often to be loaded; `parleyctl quarantine` says more"}});
  }
  return out;
}

json lifecycle::counts_json() const {
  const auto& c = retirements_.counts();
  const auto [resident, mappings] = memory();
  return {{"reloads", reloads_},
          {"refused", refused_},
          {"rollbacks", rollbacks_},
          {"retired", c.retired},
          {"unmapped", c.unmapped},
          {"stuck", retirements_.stuck()},
          {"lingering", retirements_.lingering()},
          {"leaving", retirements_.leaving().size()},
          {"in_probation", fallbacks_.size()},
          {"queued", queue_.size()},
          {"loop_cpu_us_p50", quantile(c.loop_us, 0.5)},
          {"loop_cpu_us_p99", quantile(c.loop_us, 0.99)},
          {"loop_cpu_us_max", c.loop_us.empty() ? 0 : *std::max_element(c.loop_us.begin(), c.loop_us.end())},
          {"resident_kib", resident},
          {"mappings", mappings}};
}

json change_report::to_json() const {
  json rows = json::array();
  for (const auto& s : swapped) {
    rows.push_back({{"plugin", s.name},
                    {"from", s.from ? json(s.from) : json()},
                    {"to", s.to ? json(s.to) : json()},
                    {"in_flight", s.in_flight},
                    {"ms", ms}});
  }
  return rows;
}

std::string change_report::to_string() const {
  std::string out;
  std::size_t flying = 0;
  for (const auto& s : swapped) {
    out += (out.empty() ? "" : ", ") + s.name;
    if (!s.to) {
      out += " " + std::to_string(s.from) + " unloaded";
    } else if (!s.from) {
      out += " " + std::to_string(s.to) + " loaded";
    } else {
      out += " " + std::to_string(s.from) + " -> " + std::to_string(s.to);
    }
    flying += s.in_flight;
  }
  return out + " in " + std::to_string(ms) + " ms, " + std::to_string(flying) + " calls in flight";
}

}  // namespace parley::host
