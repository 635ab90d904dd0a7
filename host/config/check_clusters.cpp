#include <algorithm>
#include <map>
#include <utility>

#include "host/config/check_parts.hpp"
#include "host/config/check_together.hpp"
#include "host/config/words.hpp"
#include "host/pool/sql_url.hpp"

namespace parley::host {

namespace {

struct owner {
  std::string plugin;
  const manifest* node;
};

/// A command that two nodes give to plugins of different names: which of them got it would be chance.
void check_owners(const checked_node& node, std::map<std::uint16_t, owner>& owners, std::vector<diagnostic>& errors) {
  for (std::size_t i = 0; i < std::min(node.infos.size(), node.config.plugins.size()); ++i) {
    for (const auto& command : node.infos[i].commands) {
      const auto [had, is_new] = owners.emplace(command.id, owner{node.infos[i].name, &node.config});
      if (is_new || had->second.plugin == node.infos[i].name || had->second.node == &node.config) continue;
      errors.push_back({node.config.plugins[i].at,
                        "plugin " + node.infos[i].name + " claims command " + hex_command(command.id) +
                            ", which plugin " + had->second.plugin + " of node " + had->second.node->name + " (" +
                            had->second.node->file +
                            ") has: one owner each in a cluster; remove one of the plugins, or give it another id"});
    }
  }
}

/// One truth for all: a file is one node's.
void check_stores(const std::vector<const checked_node*>& members, std::vector<diagnostic>& errors) {
  const auto stores =
      std::count_if(members.begin(), members.end(), [](const auto* m) { return !m->config.sql.empty(); });
  if (stores < 2) return;
  for (const checked_node* node : members) {
    for (const sql_pool_config& pool : node->config.sql) {
      const auto url = parse_sql_url(pool.url);  // what is wrong with it, the reader has said
      if (!url || url->kind != sql_kind::sqlite) continue;
      errors.push_back({pool.at, "pool " + pool.name + " is an SQLite file, which is node " + node->config.name +
                                     "'s alone, and others of the cluster have databases too: use one mysql://... "
                                     "for all"});
    }
  }
}

}  // namespace

void check_clusters(const std::vector<checked_node>& nodes, std::vector<diagnostic>& errors) {
  std::map<std::string, std::vector<const checked_node*>> clusters;
  for (const checked_node& node : nodes) {
    if (!stands_alone(node.config)) clusters[node.config.cluster.redis].push_back(&node);
  }
  for (const auto& [name, members] : clusters) {
    check_stores(members, errors);
    bool known = true;
    command_set served;
    std::map<std::uint16_t, owner> owners;
    for (const checked_node* node : members) {
      known = known && all_plugins_known(node->config, node->infos);
      add_commands(node->infos, served);
      check_owners(*node, owners, errors);
    }
    if (!known) continue;
    for (const checked_node* node : members) {
      for (const listener_config& listener : node->config.listeners) {
        check_listener(listener, served, "node of the cluster", errors);
      }
    }
  }
}

}  // namespace parley::host
