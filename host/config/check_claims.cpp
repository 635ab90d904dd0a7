#include <algorithm>
#include <map>

#include "host/config/check_parts.hpp"
#include "host/config/words.hpp"

namespace parley::host {

namespace {

const std::vector<std::string> host_events = {"session.opened", "session.closed"};
const std::vector<std::string> host_paths = {"/healthz", "/readyz", "/metrics"};
const std::vector<std::string> host_verbs = {"status",   "plugins", "verbs",  "pools", "sessions", "kick",    "reload",
                                             "rollback", "load",    "unload", "tap",   "top",      "cluster", "store"};

/// Who has what, and the sentence for whoever wants it too.
class claims {
 public:
  explicit claims(checking& c) : checking_(c) {}

  void add(const std::string& what, std::size_t plugin, const std::string& remedy) {
    const auto [owner, is_new] = owners_.emplace(what, plugin);
    if (is_new || checking_.infos[owner->second].name == checking_.infos[plugin].name) return;
    const plugin_config& first = checking_.config.plugins[owner->second];
    checking_.report(checking_.config.plugins[plugin].at, "plugin " + checking_.infos[plugin].name + " claims " + what +
                                                              ", which plugin " + checking_.infos[owner->second].name +
                                                              " (line " + std::to_string(first.at.line) +
                                                              ") already has: one owner each; " + remedy);
  }

 private:
  checking& checking_;
  std::map<std::string, std::size_t> owners_;
};

/// Commands the host answers itself, with the key that says so.
std::map<std::uint16_t, std::string> host_commands(const manifest& config) {
  std::map<std::uint16_t, std::string> ids = {{config.refused_command, "node.refused_command"},
                                              {config.moved_command, "node.moved_command"}};
  for (const listener_config& listener : config.listeners) {
    if (listener.heartbeat != 0) ids.emplace(listener.heartbeat, "the heartbeat of listener " + listener.name);
  }
  return ids;
}

void claim_commands(checking& c, claims& owners, std::size_t plugin,
                    const std::map<std::uint16_t, std::string>& reserved) {
  const plugin_info& info = c.infos[plugin];
  for (const auto& command : info.commands) {
    const std::string what =
        "command " + hex_command(command.id) + (command.name.empty() ? "" : " (" + command.name + ")");
    const auto host = reserved.find(command.id);
    if (host != reserved.end()) {
      c.report(c.config.plugins[plugin].at, "plugin " + info.name + " claims " + what + ", which is the host's (" +
                                                host->second + "): give one of them another id");
    }
    owners.add("command " + hex_command(command.id), plugin, "remove one of the plugins, or give it another id");
  }
}

void claim_routes(checking& c, claims& owners, std::size_t plugin) {
  const plugin_info& info = c.infos[plugin];
  for (const auto& route : info.routes) {
    if (contains(host_paths, route.path)) {
      c.report(c.config.plugins[plugin].at, "plugin " + info.name + " claims the HTTP path " + route.path +
                                                ", which the host answers: give it another path");
    }
    owners.add("HTTP " + route.method + " " + route.path + (route.match == PARLEY_ROUTE_PREFIX ? "..." : ""), plugin,
               "remove one of the plugins, or change its route");
  }
}

/// "*" beside "GET" on one path: two owners for a GET.
void check_any_method(checking& c, std::size_t plugin) {
  for (const auto& any : c.infos[plugin].routes) {
    if (any.method != "*") continue;
    for (std::size_t other = 0; other < c.infos.size(); ++other) {
      for (const auto& route : c.infos[other].routes) {
        if (c.infos[other].name == c.infos[plugin].name || route.method == "*" || route.path != any.path ||
            route.match != any.match)
          continue;
        c.report(c.config.plugins[std::max(plugin, other)].at,
                 "plugin " + c.infos[plugin].name + " claims every HTTP method of " + any.path + ", plugin " +
                     c.infos[other].name + " claims " + route.method +
                     ": one owner each; name the methods that are meant");
      }
    }
  }
}

void claim_verbs(checking& c, claims& owners, std::size_t plugin) {
  const plugin_info& info = c.infos[plugin];
  for (const auto& verb : info.verbs) {
    if (contains(host_verbs, verb.name)) {
      c.report(c.config.plugins[plugin].at, "plugin " + info.name + " claims the verb " + in_quotes(verb.name) +
                                                ", which is the host's: give it another name");
    }
    owners.add("the verb " + in_quotes(verb.name), plugin, "remove one of the plugins, or rename the verb");
  }
}

}  // namespace

void check_claims(checking& c) {
  claims owners(c);
  const auto reserved = host_commands(c.config);
  for (std::size_t i = 0; i < std::min(c.infos.size(), c.config.plugins.size()); ++i) {
    claim_commands(c, owners, i, reserved);
    claim_routes(c, owners, i);
    check_any_method(c, i);
    claim_verbs(c, owners, i);
  }
}

void check_events(checking& c) {
  if (!c.all_known || c.config.cluster.enabled()) return;  // of other nodes nothing is known
  std::vector<std::string> published = host_events;
  published.insert(published.end(), c.config.outside_events.begin(), c.config.outside_events.end());
  for (const plugin_info& info : c.infos) published.insert(published.end(), info.events.begin(), info.events.end());
  for (std::size_t i = 0; i < c.infos.size(); ++i) {
    for (const std::string& event : c.infos[i].subscriptions) {
      if (contains(published, event)) continue;
      c.report(c.config.plugins[i].at, "plugin " + c.infos[i].name + " listens for " + in_quotes(event) +
                                           ", which nobody here publishes: add the plugin that does; " +
                                           did_you_mean(event, published));
    }
  }
}

}  // namespace parley::host
