// What a node makes of its earlier crashes.
#include "host/base/log.hpp"
#include "host/config/plan.hpp"
#include "host/node/node.hpp"

namespace parley::host {

using json = nlohmann::ordered_json;

void node::look_back() {
  aftermath_.emplace(manifest_.data, embedding_.by_hand, loop::unix_ms());
  for (const auto& r : aftermath_->fresh()) {
    log_of("node")->warn(
        "crashed before this start: {} in {}{}; `parleyctl crashes {}` shows where", r.signal,
        r.plugin.empty() ? std::string("the host") : fmt::format("plugin {} gen {}", r.plugin, r.generation),
        r.command ? fmt::format(", command {:#06x}", r.command) : "", name_of(r));
  }
  for (auto& plugin : manifest_.plugins) {
    const auto file = plugin_file(manifest_, plugin, executable_);
    if (const auto instead = aftermath_->file_for(plugin.name, file); instead != file) {
      plugin.loaded_file = instead;
      log_of("node")->warn("{}: the build before is loaded, until there is a newer one: {} crashed in its probation",
                           plugin.name, file);
    }
    if (const auto* q = aftermath_->quarantined(plugin.name)) {
      plugin.quarantine = q->reason;
      log_of("node")->error("{} is in quarantine and not loaded: {}. `parleyctl quarantine lift {}` ends it",
                            plugin.name, q->reason, plugin.name);
    }
  }
}

// The crash handler knows who is on probation, and a plugin that is reloaded has its past behind it.
void node::tell_crash_handler() {
  auto& tell = lifecycle_.observer;
  tell.active = [this](const generation& g) {
    if (state_ != node_state::ready) return;
    aftermath_->reloaded(g.name());
    if (aftermath_->lift(g.name(), loop::unix_ms())) log_of("node")->info("{} is out of quarantine", g.name());
  };
  tell.probation = [](const generation& now, const generation& before) {
    crash::generation_in_probation(now.name(), now.number(), before.path());
  };
  tell.probation_over = [](const generation& g) { crash::generation_settled(g.name(), g.number()); };
}

json node::quarantine_json() {
  json out = json::array();
  for (const auto& q : aftermath_->quarantines()) {
    out.push_back({{"plugin", q.plugin}, {"state", "not loaded"}, {"since_ms", q.since_ms}, {"reason", q.reason}});
  }
  for (const auto& o : aftermath_->overrides()) {
    out.push_back(
        {{"plugin", o.plugin}, {"state", "the build before is loaded"}, {"file", o.file}, {"reason", o.reason}});
  }
  return out;
}

}  // namespace parley::host
