#include "host/config/manifest_change.hpp"

#include <algorithm>
#include <tuple>

namespace parley::host {

namespace {

bool same(const plugin_config& a, const plugin_config& b) {
  const auto values = [](const plugin_config& p) {
    std::map<std::string, std::string> out;
    for (const auto& [key, v] : p.config) out[key] = v.text;
    return out;
  };
  return std::tie(a.name, a.file, a.pools, a.may_act_for, a.may_act_for_anyone, a.may_operate, a.may_operate_all) ==
             std::tie(b.name, b.file, b.pools, b.may_act_for, b.may_act_for_anyone, b.may_operate, b.may_operate_all) &&
         values(a) == values(b);
}

/// What a pool is; all of it is made at the start.
auto facts(const sql_pool_config& p) {
  return std::tie(p.name, p.url, p.readers, p.writers, p.queue, p.deadline, p.lock_timeout, p.max_batch);
}
auto facts(const cache_pool_config& p) {
  return std::tie(p.name, p.url, p.max_bytes, p.connect_timeout, p.command_timeout, p.queue);
}
auto facts(const worker_pool_config& p) {
  return std::tie(p.name, p.threads, p.queue);
}

/// What a listener is from its start on.
auto fixed(const listener_config& l) {
  return std::tie(l.name, l.kind, l.bind, l.port, l.backlog);
}
auto limits(const listener_config& l) {
  return std::tie(l.max_connections, l.max_connections_per_address, l.advertise, l.max_pdu, l.max_pdu_before_login,
                  l.login_timeout, l.idle_timeout, l.heartbeat, l.commands, l.max_in_flight, l.high_watermark,
                  l.hard_limit, l.max_header, l.max_headers, l.http_idle_timeout, l.http_request_timeout, l.max_uploads,
                  l.max_staged, l.max_uploads_per_address, l.max_staged_per_address, l.min_free, l.transfer_timeout,
                  l.min_transfer);
}
auto tls_limits(const listener_config& l) {
  return std::tie(l.tls.certificate, l.tls.key, l.tls.client_ca, l.tls.minimum, l.tls.handshake_timeout);
}
auto websocket_limits(const listener_config& l) {
  return std::tie(l.websocket.path, l.websocket.listener, l.websocket.origins);
}
auto idle_rules(const listener_config& l) {
  std::vector<std::tuple<std::uint32_t, std::uint32_t, milliseconds>> out;
  for (const auto& r : l.idle_by_tag) out.emplace_back(r.mask, r.value, r.timeout);
  return out;
}
auto rates(const listener_config& l) {
  std::vector<std::pair<std::uint16_t, std::uint32_t>> out;
  for (const auto& r : l.rates) out.emplace_back(r.command, r.per_second);
  return out;
}
bool same_limits(const listener_config& a, const listener_config& b) {
  return limits(a) == limits(b) && tls_limits(a) == tls_limits(b) && websocket_limits(a) == websocket_limits(b) &&
         idle_rules(a) == idle_rules(b) && rates(a) == rates(b);
}
/// Sessions count by a rule's place in the list.
bool same_rated_commands(const listener_config& a, const listener_config& b) {
  return std::equal(a.rates.begin(), a.rates.end(), b.rates.begin(), b.rates.end(),
                    [](const auto& x, const auto& y) { return x.command == y.command; });
}

class comparison {
 public:
  comparison(const manifest& now, const manifest& wanted) : now_(now), wanted_(wanted) {}

  manifest_change made() {
    const mark whole{wanted_.file, 1, 1};
    if (now_.name != wanted_.name) restart(whole, "node.name");
    if (now_.data != wanted_.data) restart(whole, "node.data");
    if (now_.control != wanted_.control) restart(whole, "node.control");
    if (now_.plugin_directory != wanted_.plugin_directory) restart(whole, "node.plugin_directory");
    if (now_.refused_command != wanted_.refused_command) restart(whole, "node.refused_command");
    if (now_.moved_command != wanted_.moved_command) restart(whole, "node.moved_command");
    if (!(now_.cluster == wanted_.cluster)) restart(whole, "cluster");
    if (now_.busy_poll != wanted_.busy_poll) restart(whole, "node.busy_poll");
    if (now_.log.file != wanted_.log.file) restart(whole, "log.file");
    pools(now_.sql, wanted_.sql);
    pools(now_.caches, wanted_.caches);
    pools(now_.workers, wanted_.workers);
    listeners();
    plugins();
    out_.log = std::tie(now_.log.level, now_.log.modules) != std::tie(wanted_.log.level, wanted_.log.modules);
    const auto& a = now_.reload;
    const auto& b = wanted_.reload;
    out_.limits = out_.limits || now_.drain_timeout != wanted_.drain_timeout ||
                  std::tie(a.probation, a.quiesce, a.preflight, a.state_limit, a.lingering) !=
                      std::tie(b.probation, b.quiesce, b.preflight, b.state_limit, b.lingering);
    return std::move(out_);
  }

 private:
  void restart(const mark& at, const std::string& what) {
    out_.needs_restart.push_back({at, what + " has changed, which takes effect at the next start only"});
  }

  template <class Pool>
  void pools(const std::vector<Pool>& now, const std::vector<Pool>& wanted) {
    for (const auto& p : wanted) {
      const auto before = std::find_if(now.begin(), now.end(), [&](const Pool& o) { return o.name == p.name; });
      if (before == now.end() || facts(*before) != facts(p)) restart(p.at, "pools." + p.name);
    }
    for (const auto& p : now) {
      if (std::none_of(wanted.begin(), wanted.end(), [&](const Pool& o) { return o.name == p.name; })) {
        restart({wanted_.file, 1, 1}, "pools." + p.name);
      }
    }
  }

  void listeners() {
    if (now_.listeners.size() != wanted_.listeners.size()) {
      return restart({wanted_.file, 1, 1}, "the number of listeners");
    }
    for (std::size_t i = 0; i < wanted_.listeners.size(); ++i) {
      const auto& a = now_.listeners[i];
      const auto& b = wanted_.listeners[i];
      if (fixed(a) != fixed(b)) {
        restart(b.at, "listener " + a.name + " (name, kind, bind, port or backlog)");
      } else if (a.tls.on() != b.tls.on()) {
        restart(b.at, "listener " + a.name + ": whether it speaks TLS");
      } else if (!same_rated_commands(a, b)) {
        restart(b.at, "listener " + a.name + ": which commands have a rate");
      } else if (b.kind == listener_kind::link && a.advertise != b.advertise) {
        restart(b.at, "listener " + a.name + ": advertise");
      } else if (!same_limits(a, b)) {
        out_.limits = true;
      }
    }
  }

  void plugins() {
    std::vector<std::string> before, after;
    for (const auto& p : wanted_.plugins) {
      const auto was =
          std::find_if(now_.plugins.begin(), now_.plugins.end(), [&](const auto& o) { return o.name == p.name; });
      if (was == now_.plugins.end() || !same(*was, p)) out_.make.push_back(p.name);
      if (was != now_.plugins.end()) after.push_back(p.name);
    }
    for (const auto& p : now_.plugins) {
      const bool stays = std::find(after.begin(), after.end(), p.name) != after.end();
      (stays ? before : out_.gone).push_back(p.name);
    }
    out_.order = before != after;
  }

  const manifest& now_;
  const manifest& wanted_;
  manifest_change out_;
};

}  // namespace

std::string manifest_change::to_string() const {
  std::string out;
  const auto say = [&](const std::string& text) { out += (out.empty() ? "" : "; ") + text; };
  for (const auto& name : make) say("make " + name);
  for (const auto& name : gone) say("remove " + name);
  if (order) say("the plugins' order");
  if (log) say("log levels");
  if (limits) say("limits");
  return out.empty() ? "nothing" : out;
}

manifest_change compare(const manifest& now, const manifest& wanted) {
  return comparison(now, wanted).made();
}

}  // namespace parley::host
