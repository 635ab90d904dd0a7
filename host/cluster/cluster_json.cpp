// The cluster as people and clients see it.
#include <algorithm>
#include <set>

#include "host/cluster/cluster.hpp"
#include "host/cluster/wire.hpp"
#include "host/node/services.hpp"
#include "parley/bytes.hpp"

namespace parley::host {

using json = nlohmann::ordered_json;

namespace {

json plugins_json(const std::vector<fellow_facts::plugin>& plugins) {
  json out = json::array();
  for (const auto& p : plugins)
    out.push_back(p.name + " " + p.version + " (" + std::to_string(p.commands.size()) + ")");
  return out;
}

json facts_json(const fellow_facts& f) {
  return {{"name", f.who.name},
          {"state", f.state},
          {"version", f.version},
          {"abi", f.abi},
          {"incarnation", std::to_string(f.who.incarnation)},
          {"number", f.who.number},
          {"address", f.link_address + ":" + std::to_string(f.link_port)},
          {"sessions", f.sessions},
          {"serves", plugins_json(f.plugins)}};
}

/// Clients there are and such as were sent there, of those there is room for.
double load_of(const client_endpoint& c, std::uint32_t handed_out) {
  return (static_cast<double>(c.sessions) + handed_out) / std::max(1u, c.capacity);
}

bool full(const client_endpoint& c, std::uint32_t handed_out) {
  return c.capacity && c.sessions + handed_out >= c.capacity;
}

}  // namespace

bool cluster::takes_clients(const peer& p) const {
  return p.listed && p.open() && !p.said.draining && p.facts.state == "ready" && !p.facts.clients.empty();
}

bool cluster::has_other_place() const {
  const auto& peers = const_cast<links&>(links_).peers();
  return std::any_of(peers.begin(), peers.end(), [this](const auto& p) { return takes_clients(*p.second); });
}

status cluster::least_loaded(const client_endpoint* own, parley_endpoint& out) {
  return least_loaded(own, nullptr, out);
}

status cluster::other_place(bool tls, parley_endpoint& out) {
  return least_loaded(nullptr, &tls, out);
}

status cluster::least_loaded(const client_endpoint* own, const bool* tls, parley_endpoint& out) {
  const client_endpoint* best = nullptr;
  std::uint32_t* handed_out = nullptr;
  bool some_full = false;
  const auto consider = [&](const client_endpoint& c, std::uint32_t& given) {
    if (full(c, given)) {
      some_full = true;
    } else if (!best || load_of(c, given) < load_of(*best, *handed_out)) {
      best = &c;
      handed_out = &given;
    }
  };
  if (own && !draining_) consider(*own, handed_out_here_);
  for (auto& [name, p] : links_.peers()) {
    if (!takes_clients(*p)) continue;
    for (const auto& c : p->facts.clients) {
      if (!tls || c.tls == *tls) consider(c, p->handed_out);
    }
  }
  if (!best) return some_full ? status::busy : status::unavailable;
  ++*handed_out;
  out.size = sizeof out;
  out.port = best->port;
  out.address = out.backup_address = bytes(best->address);
  out.sessions = best->sessions;
  return status::ok;
}

std::string cluster::degraded() const {
  auto out = registry_.trouble();
  if (const auto links = links_.trouble(); !links.empty()) out += (out.empty() ? "" : "; ") + links;
  std::set<std::string> unserved;
  for (const auto& [id, f] : far_) {
    if (f.by.empty() && !services_.dispatch.table().find(id)) unserved.insert(names_[f.plugin]);
  }
  for (const auto& name : unserved) out += (out.empty() ? "" : "; ") + ("no node serves " + name);
  return out;
}

json cluster::to_json() const {
  json nodes = json::array();
  auto own = facts_json(own_facts());
  own["link"] = "this node";
  nodes.push_back(std::move(own));
  for (const auto& [name, p] : const_cast<links&>(links_).peers()) {
    auto facts = p->facts;
    facts.who.name = name;
    if (p->open()) facts.who = p->link->other();
    if (p->has_said && p->open()) {
      facts.plugins.clear();
      for (const auto& s : p->said.plugins) {
        auto& added = facts.plugins.emplace_back(fellow_facts::plugin{s.name, s.version, {}});
        for (const auto& c : s.commands) added.commands.push_back(c.id);
      }
      if (p->said.draining) facts.state = "draining";
    }
    auto row = facts_json(facts);
    row["listed"] = p->listed;
    row["link"] = p->open() ? "open" : p->trouble.empty() ? "none yet" : "none: " + p->trouble;
    if (p->open()) {
      const auto& c = p->link->counters();
      row.update({{"rtt_us", p->link->round_trip_us()},
                  {"queued", p->link->queued()},
                  {"in_flight", p->in_flight},
                  {"terminals", directory_.of_node(p->number)},
                  {"links", p->links},
                  {"records_in", c.records_in},
                  {"records_out", c.records_out},
                  {"bytes_in", c.bytes_in},
                  {"bytes_out", c.bytes_out}});
    }
    nodes.push_back(std::move(row));
  }
  return {{"registry",
           {{"place", registry_.place()},
            {"state", registry_.trouble().empty() ? "ok" : registry_.trouble()},
            {"entered", registry_.entered()},
            {"age_ms", registry_.age_ms()},
            {"lease_ms", config_.lease.count()}}},
          {"degraded", degraded()},
          {"nodes", std::move(nodes)}};
}

json cluster::where_is(std::uint64_t user) {
  json out = json::array();
  const auto add = [&](const std::string& node, parley_session_id session, std::uint32_t tag, std::uint32_t level) {
    out.push_back({{"user", user}, {"node", node}, {"session", session}, {"tag", tag}, {"level", level}});
  };
  services_.sessions.each_terminal(user, [&](session& s) { add(services_.node_name, s.id, s.principal.tag, s.level); });
  directory_.each_terminal(user, [&](const directory::entry& e) {
    const auto* p = home_of(e.session);
    add(p ? p->name : "(lost)", e.session, e.principal.tag, e.level);
  });
  return out;
}

result<json> cluster::forget(const std::string& node) {
  if (node == services_.node_name) return error{status::conflict, "that is this node"};
  const auto& peers = links_.peers();
  if (const auto found = peers.find(node); found != peers.end()) {
    return error{status::conflict, found->second->open()
                                       ? printable(node) + " is linked: it is there"
                                       : printable(node) + " may be back until its lease is over: try again then"};
  }
  const auto plugins = disown(node);
  const auto body = record_writer().text(node).take();
  for (const auto& [number, p] : by_number_) {
    if (p->open()) p->link->send(record::forget, body);
  }
  return json{{"node", node}, {"plugins", plugins}};
}

void cluster::show(const show_number& gauge, const show_number& count) const {
  const auto& peers = const_cast<links&>(links_).peers();
  const auto open = std::count_if(peers.begin(), peers.end(), [](const auto& p) { return p.second->open(); });
  gauge("parley_cluster_nodes", "", "other nodes that are known", peers.size());
  gauge("parley_cluster_links", "", "other nodes that are linked", static_cast<std::uint64_t>(open));
  gauge("parley_cluster_sessions", "", "sessions of other nodes in the directory", directory_.size());
  gauge("parley_cluster_registry_age_ms", "", "since the registry was read", registry_.age_ms());
  gauge("parley_cluster_degraded", "", "1 = something about the cluster is not as it should be", !degraded().empty());
  std::uint64_t queued = 0;
  for (const auto& [name, p] : peers) queued += p->open() ? p->link->queued() : 0;
  gauge("parley_cluster_queued_bytes", "", "for other nodes, not taken by the kernel yet", queued);
  const auto& c = counters_;
  count("parley_cluster_commands", "direction=\"out\"", "commands and calls between nodes", c.forwarded);
  count("parley_cluster_commands", "direction=\"in\"", "commands and calls between nodes", c.served);
  const std::pair<const char*, std::uint64_t> failed[] = {
      {"late", c.late}, {"expired", c.expired}, {"lost", c.lost}, {"unserved", c.unserved}, {"full", c.full}};
  for (const auto& [why, value] : failed) {
    count("parley_cluster_commands_failed", "why=\"" + std::string(why) + "\"", "commands that no node answered",
          value);
  }
  count("parley_cluster_stale", "", "references to sessions and requests that are gone", c.stale);
  count("parley_cluster_broken", "", "records that could not be read", c.broken);
  count("parley_cluster_refused", "", "links that were refused", links_.refused());
  count("parley_cluster_pushes", "direction=\"out\"", "pushes for users of other nodes", c.pushes_out);
  count("parley_cluster_pushes", "direction=\"in\"", "pushes for users of other nodes", c.pushes_in);
  count("parley_cluster_pushes_undelivered", "", "terminals to which no link led", c.undelivered);
  count("parley_cluster_events", "direction=\"out\"", "events between nodes", c.events_out);
  count("parley_cluster_events", "direction=\"in\"", "events between nodes", c.events_in);
}

}  // namespace parley::host
