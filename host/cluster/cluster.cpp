#include "host/cluster/cluster.hpp"

#include <algorithm>
#include <set>

#include "host/node/services.hpp"
#include "host/plugin/generation.hpp"

namespace parley::host {

namespace {

constexpr std::size_t longest_record_around = 64 << 10;  // a record's fields beside a PDU's body
constexpr std::uint32_t ticks_of_looking = 4;            // between looks for a node that was lost

std::uint64_t ms(milliseconds d) {
  return static_cast<std::uint64_t>(d.count());
}

registry::setting registry_of(const node_services& services, const cluster_config& c, const life& l,
                              std::uint16_t number) {
  return {*parse_redis_url(c.redis),
          {ms(c.connect_timeout), ms(c.command_timeout), 1000},
          ms(c.lease),
          {services.node_name, l.now, number},
          l.before};
}

links::setting links_of(const node_services& services, const cluster_config& c, const listener_config& listener,
                        const life& l, std::uint16_t number) {
  return {{services.node_name, l.now, number},
          c.secret,
          {ms(c.link_timeout), c.link_queue, (8 << 20) + longest_record_around},
          listener.bind,
          listener.port,
          listener.backlog};
}

}  // namespace

cluster::cluster(node_services& services, const cluster_config& config, const listener_config& listener,
                 const std::string& data)
    : services_(services),
      config_(config),
      advertised_(listener.advertise.empty() ? listener.bind : listener.advertise),
      life_(begin_life(data)),
      number_(random_number()),
      registry_(services.loop, registry_of(services, config, life_, number_)),
      links_(services.loop, *this, links_of(services, config, listener, life_, number_)),
      telling_([this] { send_changes(); }),
      timer_(services.loop, [this] { tick(); }) {
  services_.sessions.set_number(number_);
  registry_.describe = [this] { return own_facts(); };
  registry_.on_read = [this] { registry_read(); };
}

cluster::~cluster() {
  links_.close();
}

result<void> cluster::claim() {
  auto& loop = services_.loop;
  registry_.start();
  const auto begin = loop.now_ms_anywhere();
  const auto patience = ms(config_.connect_timeout) + ms(config_.command_timeout);
  loop_timer alarm(loop, [] {});
  alarm.start(20, 20);
  for (;;) {
    const auto waited = loop.now_ms_anywhere() - begin;
    if (registry_.entered()) return {};
    const bool taken = !registry_.holder().who.name.empty();
    if (taken && waited > ms(config_.lease) + 1000) return error{status::conflict, registry_.trouble()};
    if (!taken && waited > patience) {
      log_of("cluster")->warn("goes on without the registry: {}", registry_.trouble());
      return {};
    }
    if (taken) registry_.beat();
    loop.turn(true);
  }
}

result<void> cluster::begin() {
  if (auto listening = links_.listen(); !listening) return listening;
  begun_ = true;
  timer_.start(tick_ms, tick_ms);
  registry_.beat();
  links_.know(registry_.fellows());
  log_of("cluster")->info("is {} {}, number {}, and listens for links on {}:{}", services_.node_name, life_.now,
                          number_, advertised_, links_.port());
  return {};
}

fellow_facts cluster::own_facts() const {
  fellow_facts out;
  out.who = {services_.node_name, life_.now, number_};
  out.version = PARLEY_VERSION;
  out.abi = std::to_string(PARLEY_ABI_MAJOR) + "." + std::to_string(PARLEY_ABI_MINOR);
  out.state = !begun_ ? "starting" : draining_ ? "draining" : "ready";
  out.link_address = advertised_;
  out.link_port = links_.port();
  out.sessions = services_.sessions.size();
  for (const auto& p : own_.plugins) {
    auto& added = out.plugins.emplace_back();
    added.name = p.name;
    added.version = p.version;
    for (const auto& c : p.commands) added.commands.push_back(c.id);
  }
  if (describe) describe(out);
  return out;
}

void cluster::registry_read() {
  const auto& all = registry_.fellows();
  const auto same_number = [&](const auto& f) { return f.who.number == number_; };
  // Once sessions have the number in their ids, it stays; a link then says that there are two.
  if (!begun_ && std::any_of(all.begin(), all.end(), same_number)) {
    number_ = random_number(number_);
    registry_.set_number(number_);
    links_.set_number(number_);
    services_.sessions.set_number(number_);
    return registry_.beat();
  }
  handed_out_here_ = 0;
  if (begun_) links_.know(all);
}

void cluster::announce(const std::vector<generation*>& active) {
  std::vector<announcement::plugin> plugins;
  for (auto* g : active) {
    const auto& info = g->info();
    auto& p = plugins.emplace_back(announcement::plugin{info.name, info.version, {}, {}});
    for (const auto& c : info.commands) p.commands.push_back({c.id, c.access});
    const auto& heard_here = g->descriptor().subscriptions;
    for (std::uint32_t i = 0; i < heard_here.count; ++i) {
      p.events.emplace_back(table_item<parley_subscription>(heard_here, i).event);
    }
  }
  if (plugins == own_.plugins) return;
  own_.plugins = std::move(plugins);
  ++own_.notice;
  for (auto& [name, p] : links_.peers()) tell(*p);
  if (begun_) registry_.beat();
}

void cluster::drain() {
  if (draining_) return;
  draining_ = own_.draining = true;
  ++own_.notice;
  for (auto& [name, p] : links_.peers()) {
    tell(*p);
    if (p->open()) p->link->ping();  // its pong comes behind whatever it had sent before
  }
  registry_.beat();
}

bool cluster::drained() const {
  const auto& peers = const_cast<links&>(links_).peers();
  return std::all_of(peers.begin(), peers.end(),
                     [this](const auto& p) { return !p.second->open() || p.second->notice_seen >= own_.notice; });
}

void cluster::leave() {
  registry_.leave();
}

void cluster::tell(peer& p) {
  if (p.open()) p.link->send(record::announce, encode(own_));
}

void cluster::linked(peer& p) {
  for (const auto& [number, other] : by_number_) {
    // Its former life: nothing of that comes back.
    if (other == &p && number != p.number) departing_.push_back({number, p.name});
  }
  std::erase_if(by_number_, [&](const auto& entry) { return entry.second == &p; });
  std::erase_if(departing_, [&](const auto& d) { return d.number == p.number; });
  by_number_[p.number] = &p;
  p.lost_ms = 0;
  tell(p);
  send_account(p);
  rebuild();
}

void cluster::unlinked(peer& p, std::uint32_t serial) {
  p.lost_ms = services_.loop.now_ms();
  p.in_flight = 0;
  std::erase_if(visitors_, [&](const auto& v) { return v.second.link == serial; });
  rebuild();
  services_.dispatch.link_lost(serial);
}

void cluster::heard(peer& p, record r, std::string_view body) {
  record_reader in(body);
  switch (r) {
    case record::announce: {
      announcement said;
      if (!decode(said, body)) return note_broken(p, r);
      p.said = std::move(said);
      p.has_said = true;
      return rebuild();
    }
    case record::command:
      return on_command(p, body);
    case record::reply:
      on_reply(in);
      break;
    case record::finish:
      on_finish(in);
      break;
    case record::directory:
      on_directory(p, in);
      break;
    case record::push_many:
      on_push_many(in);
      break;
    case record::event:
      on_event(in);
      break;
    case record::forget:
      if (const auto name = std::string(in.text(256)); in.ok()) disown(name);
      break;
    case record::gone:
    case record::push:
    case record::authenticate:
    case record::close:
    case record::slot:
      on_session_record(p, r, in);
      break;
    default:
      return;  // of a newer build
  }
  if (!in.ok()) note_broken(p, r);
}

void cluster::ponged(peer&) {}

void cluster::note_broken(peer& p, record r) {
  ++counters_.broken;
  if (p.link) p.link->give_up("record " + std::to_string(raw(r)) + " cannot be read");
}

std::uint16_t cluster::name_number(const std::string& name) {
  const auto found = std::find(names_.begin() + 1, names_.end(), name);
  if (found != names_.end()) return static_cast<std::uint16_t>(found - names_.begin());
  if (names_.size() > UINT16_MAX) return 0;
  names_.push_back(name);
  return static_cast<std::uint16_t>(names_.size() - 1);
}

// Of two plugins that claim one command on different nodes the node's whose name comes first has it. What was served
// once stays known: while nobody serves it, it is unavailable and not unknown; until the node that had it last is there
// without it.
void cluster::rebuild() {
  std::set<std::uint16_t> announced;
  for (auto& [id, f] : far_) f.by.clear();
  for (auto& [name, p] : links_.peers()) {
    const bool serves = p->open() && p->has_said && !p->said.draining;
    for (const auto& plugin : p->said.plugins) {
      const auto number = name_number(plugin.name);
      for (const auto& c : plugin.commands) {
        auto& f = far_.try_emplace(c.id, far_command{number, c.access, {}, {}}).first->second;
        announced.insert(c.id);
        f.last = name;
        if (!serves) continue;
        if (f.by.empty()) f.plugin = number;
        if (f.plugin != number) continue;
        f.access = c.access;
        f.by.push_back(p.get());
      }
    }
  }
  std::erase_if(far_, [&](const auto& entry) {
    const auto had = announced.contains(entry.first) ? links_.peers().end() : links_.peers().find(entry.second.last);
    return had != links_.peers().end() && had->second->open() && had->second->has_said;
  });
}

/// The plugins whose commands are unknown from now on. A node that is there, or may be back any moment, keeps its own.
std::vector<std::string> cluster::disown(const std::string& node) {
  std::set<std::string> plugins;
  if (!links_.peers().contains(node)) {
    std::erase_if(far_, [&](const auto& entry) {
      const auto& f = entry.second;
      if (f.last != node || !f.by.empty()) return false;
      plugins.insert(names_[f.plugin]);
      return true;
    });
  }
  return {plugins.begin(), plugins.end()};
}

void cluster::tick() {
  const auto now = services_.loop.now_ms();
  while (!deadlines_.empty() && deadlines_.begin()->first <= now / tick_ms) {
    const auto due = std::move(deadlines_.begin()->second);
    deadlines_.erase(deadlines_.begin());
    for (const auto id : due) {
      if (services_.dispatch.far_expired(id)) ++counters_.expired;
    }
  }
  // A node that is away for longer than a lease is gone: with what it served, and with its sessions. Until then it may
  // be back any moment, and at another address.
  std::vector<std::string> gone;
  bool may_be_back = false;
  for (auto& [name, p] : links_.peers()) {
    if (p->open()) continue;
    if (p->lost_ms && now - p->lost_ms < ms(config_.lease)) {
      may_be_back = true;
      continue;
    }
    if (p->lost_ms) {
      departing_.push_back({p->number, p->name});
      by_number_.erase(p->number);
      p->lost_ms = 0;
    }
    if (!p->listed && !p->link) gone.push_back(name);
  }
  for (const auto& name : gone) links_.forget(name);
  if (!gone.empty()) rebuild();
  if (may_be_back && ++ticks_ % ticks_of_looking == 0) registry_.beat();
  depart();
}

}  // namespace parley::host
