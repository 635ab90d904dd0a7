#include <algorithm>

#include "host/config/check_parts.hpp"
#include "host/config/words.hpp"

namespace parley::host {

namespace {

struct named_pool {
  std::string name;
  std::string kind;
};

std::vector<named_pool> pools_of(const manifest& config) {
  std::vector<named_pool> pools;
  for (const auto& pool : config.sql) pools.push_back({pool.name, "sql"});
  for (const auto& pool : config.caches) pools.push_back({pool.name, "cache"});
  for (const auto& pool : config.workers) pools.push_back({pool.name, "workers"});
  return pools;
}

void check_interfaces(checking& c, const plugin_config& config, const plugin_info& info) {
  for (const std::string& id : info.interfaces) {
    const auto& there = host_interfaces();
    if (std::find(there.begin(), there.end(), id) != there.end()) continue;
    c.report(config.at, "plugin " + info.name + " needs the interface " + in_quotes(id) +
                            ", which this host does not have: " + did_you_mean(id, there) +
                            "; update the host, or build the plugin against this host's SDK");
  }
}

void check_pool(checking& c, const plugin_config& config, const plugin_info& info, const plugin_info::pool& need) {
  const std::string& target = pool_target(config, need.name);
  const auto& unread = c.config.unread_pools;
  if (std::find(unread.begin(), unread.end(), target) != unread.end()) return;
  const std::vector<named_pool> pools = pools_of(c.config);
  const auto found = std::find_if(pools.begin(), pools.end(), [&](const named_pool& p) { return p.name == target; });
  const std::string wanted = "plugin " + info.name + " needs a pool " + in_quotes(need.name) + " of kind " + need.kind;
  const auto mapped = config.pool_marks.find(need.name);
  const mark at = mapped == config.pool_marks.end() ? config.at : mapped->second;
  if (found == pools.end()) {
    if (mapped != config.pool_marks.end()) return;  // the manifest's reader has said so
    std::vector<std::string> same_kind;
    for (const named_pool& pool : pools) {
      if (pool.kind == need.kind) same_kind.push_back(pool.name);
    }
    c.report(at, wanted + ", and pools: has none of that name: add it" +
                     (same_kind.empty()
                          ? ""
                          : ", or map it in the plugin's own pools: (of that kind: " + joined(same_kind) + ")"));
  } else if (found->kind != need.kind) {
    c.report(at, wanted + ", but " + in_quotes(target) + " is of kind " + found->kind + ": map it to a pool of kind " +
                     need.kind + " in the plugin's own pools:");
  }
}

void check_pools(checking& c, const plugin_config& config, const plugin_info& info) {
  std::vector<std::string> needed;
  for (const auto& need : info.pools) {
    needed.push_back(need.name);
    check_pool(c, config, info, need);
  }
  for (const auto& [name, at] : config.pool_marks) {
    if (std::find(needed.begin(), needed.end(), name) != needed.end()) continue;
    c.report(at, "plugin " + info.name + " uses no pool called " + in_quotes(name) + ": " + did_you_mean(name, needed));
  }
}

/// Lanes and migrations run on a pool of kind sql that the descriptor asks for.
void check_sql_user(checking& c, const plugin_config& config, const plugin_info& info, const std::string& who,
                    const std::string& pool) {
  const auto need = std::find_if(info.pools.begin(), info.pools.end(), [&](const auto& p) { return p.name == pool; });
  const std::string user = "plugin " + info.name + ": " + who + " runs on the pool " + in_quotes(pool);
  if (need == info.pools.end()) {
    c.report(config.at, user + ", which its descriptor does not ask for: add needs_sql(\"" + pool + "\") to it");
  } else if (need->kind != "sql") {
    c.report(config.at, user + " of kind " + need->kind + ": expected kind sql; mend its descriptor");
  }
}

void check_migrations(checking& c, const plugin_config& config, const plugin_info& info) {
  std::uint32_t expected = 1;
  for (const auto& migration : info.migrations) {
    if (migration.number != expected) {
      c.report(config.at, "plugin " + info.name + ": expected migration " + std::to_string(expected) + ", found " +
                              std::to_string(migration.number) + " (" + migration.name +
                              "): they are numbered 1, 2, 3 without gaps; mend its descriptor");
    }
    expected = migration.number + 1;
    check_sql_user(c, config, info, "migration " + std::to_string(migration.number), migration.pool);
  }
}

}  // namespace

void check_needs(checking& c, const plugin_config& config, const plugin_info& info) {
  check_interfaces(c, config, info);
  check_pools(c, config, info);
  check_migrations(c, config, info);
  for (const auto& lane : info.lanes) check_sql_user(c, config, info, "lane " + lane.name, lane.pool);
}

}  // namespace parley::host
