#include "host/node/prepare.hpp"

#include <algorithm>

#include "host/base/log.hpp"
#include "host/config/plan.hpp"
#include "host/plugin/preflight.hpp"

namespace parley::host {

namespace {

struct tried {
  prepared_plugin plugin;
  std::string file;
  staged_file copy;
};

const plugin_config* find(const manifest& m, const std::string& name) {
  const auto found = std::find_if(m.plugins.begin(), m.plugins.end(), [&](const auto& p) { return p.name == name; });
  return found == m.plugins.end() ? nullptr : &*found;
}

template <class Map>
auto value_or_default(const Map& map, const std::string& key) {
  const auto found = map.find(key);
  return found == map.end() ? typename Map::mapped_type() : found->second;
}

result<tried> try_one(const preparation& what, const std::string& name) {
  const auto* config = find(*what.target, name);
  if (!config) return error{status::no_target, "no plugin is named " + name};
  tried out;
  out.plugin.config = *config;
  out.plugin.number = what.numbers.at(name);
  out.file = plugin_file(*what.target, *config, what.executable);
  auto copy = stage(out.file, what.staging, name, out.plugin.number);
  if (!copy) return copy.failure();
  out.copy = std::move(*copy);
  if (what.only_changed && out.copy.build_id() == value_or_default(what.built, name)) return out;
  preflight_request request;
  request.executable = what.executable;
  request.copy = out.copy.path();
  request.file = out.file;
  request.config = *config;
  request.state = value_or_default(what.states, name);
  request.pools = what.target->sql;
  request.deadline_ms = static_cast<std::uint32_t>(what.target->reload.preflight.count());
  auto info = preflight(request);
  if (!info) return info.failure();
  out.plugin.info = std::make_shared<const plugin_info>(std::move(*info));
  return out;
}

/// The manifest as it will be against everybody's facts: commands claimed twice, pools that are not there ...
result<void> check_together(const preparation& what, const std::vector<tried>& fresh) {
  std::vector<plugin_info> infos;
  for (const auto& config : what.target->plugins) {
    auto info = value_or_default(what.kept, config.name);
    for (const auto& t : fresh) {
      if (t.plugin.config.name == config.name) info = t.plugin.info;
    }
    infos.push_back(info ? *info : plugin_info{});
  }
  std::string text;
  for (const auto& wrong : check_plugins(*what.target, infos)) {
    text += (text.empty() ? "" : "; ") + (wrong.at.line ? wrong.to_string() : wrong.text);
  }
  if (text.empty()) return {};
  return error{status::refused, text};
}

}  // namespace

result<std::vector<prepared_plugin>> prepare(const preparation& what, pools& p) {
  std::vector<tried> fresh;
  for (const auto& name : what.make) {
    auto one = try_one(what, name);
    if (!one) return one.failure();
    if (one->plugin.info) fresh.push_back(std::move(*one));
  }
  std::vector<prepared_plugin> out;
  if (fresh.empty() && !what.make.empty()) return out;
  if (auto checked = check_together(what, fresh); !checked) return checked.failure();
  for (auto& t : fresh) {
    std::vector<diagnostic> none;  // the check has told them
    t.plugin.settings = resolve_config(*t.plugin.info, t.plugin.config, none);
    auto lib = library::open(std::move(t.copy), t.file);
    if (!lib) return lib.failure();
    t.plugin.lib = std::move(*lib);
    if (auto migrated = migrate_for(*t.plugin.info, t.plugin.config, p); !migrated) return migrated.failure();
    out.push_back(std::move(t.plugin));
  }
  return out;
}

result<void> migrate_for(const plugin_info& info, const plugin_config& config, pools& p) {
  std::map<std::string, std::vector<migration>> by_pool;
  for (const auto& step : info.migrations) by_pool[step.pool].push_back({step.number, step.name, step.statements});
  for (auto& [pool, steps] : by_pool) {
    auto* sql = p.find(pool_target(config, pool)).sql;
    if (!sql) return error{status::unavailable, "plugin " + info.name + ": there is no sql pool " + pool};
    auto done = p.migrate(*sql, info.name, steps);
    if (!done) return error{done.code(), "plugin " + info.name + ": its migration failed: " + done.text()};
    if (*done) log_of("node")->info("{}: {} migrations applied", info.name, *done);
  }
  return {};
}

}  // namespace parley::host
