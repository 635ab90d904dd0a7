// Commands to where they are served, and back.
#include <algorithm>

#include "host/cluster/cluster.hpp"
#include "host/cluster/rendezvous.hpp"
#include "host/node/services.hpp"
#include "host/plugin/generation.hpp"
#include "parley/bytes.hpp"

namespace parley::host {

namespace {

enum : std::uint64_t { is_call = 1, is_first = 2, has_slot = 4, by_websocket = 8 };

constexpr std::uint64_t most_filters = 256;

}  // namespace

const far_command* cluster::find(std::uint16_t command) const {
  const auto found = far_.find(command);
  return found == far_.end() ? nullptr : &found->second;
}

peer* cluster::choose(const far_command& c, std::uint64_t key) {
  peer* best = nullptr;
  std::uint64_t highest = 0;
  const auto plugin = name_hash(names_[c.plugin]);
  for (auto* p : c.by) {
    const auto weight = rendezvous_weight(key, plugin, p->hash);
    if (best && weight <= highest) continue;
    best = p;
    highest = weight;
  }
  return best;
}

cluster::sent cluster::forward(const far_request& r) {
  const auto* c = find(r.command);
  if (!c) return {};
  sent out;
  out.plugin = c->plugin;
  far_ties::tie* tie = nullptr;
  peer* to = nullptr;
  if (r.from) {
    if (!r.from->far) r.from->far = std::make_unique<far_ties>();
    tie = r.from->far->of(c->plugin);
    if (!tie) tie = &r.from->far->ties.emplace_back(far_ties::tie{c->plugin, 0, 0});
    if (tie->in_flight > 0) to = links_.by_serial(tie->link);
  }
  if (!to) to = choose(*c, r.from ? r.from->id : r.principal.id);
  if (!to) {
    ++counters_.unserved;
    return out;
  }
  // What must not be lost still finds room: answers, and what changes in the directory.
  if (r.body.size() > longest_body || to->link->queued() > to->link->limits().queue / 2) {
    ++counters_.full;
    out.outcome = status::busy;
    return out;
  }
  const auto serial = to->link->serial();
  const auto deadline = r.deadline_ms ? r.deadline_ms : static_cast<std::uint64_t>(config_.deadline.count());
  const slot_bytes* slot = nullptr;
  bool first = false;
  if (r.from) {
    auto& known = r.from->far->introduced;
    first = std::find(known.begin(), known.end(), serial) == known.end();
    if (first) known.push_back(serial);
    if (r.from->slots) {
      const auto& all = *r.from->slots;
      const auto found =
          std::find_if(all.begin(), all.end(), [&](const auto& s) { return s.owner == names_[c->plugin]; });
      if (found != all.end()) slot = &*found;
    }
  }
  std::uint64_t flags = 0;
  if (!r.from) flags |= is_call;
  if (first) flags |= is_first;
  if (slot) flags |= has_slot;
  if (r.from && r.from->websocket) flags |= by_websocket;
  record_writer w;
  w.number(r.id).number(flags);
  w.number(r.from ? r.from->id : 0).number(r.command).number(r.seq).number(r.level);
  w.number(r.principal.id).number(r.principal.tag).number(r.principal.flags);
  w.number(services_.loop.now_ms_anywhere() + deadline).text(r.body);
  w.number(r.filters.size());
  for (const auto name : r.filters) w.text(name);
  if (first) w.text(r.from->peer_text);
  if (slot) w.number(slot->far_serial).number(slot->version).text(slot->bytes);
  if (!to->link->send(record::command, w.bytes())) return out;
  // It waited in a filter while its session went: the owner has heard of that already.
  if (r.from && r.from->state != session_state::open) {
    to->link->send(record::gone, record_writer().number(r.from->id).bytes());
  }
  ++counters_.forwarded;
  ++to->in_flight;
  if (tie) {
    tie->link = serial;
    ++tie->in_flight;
  }
  deadlines_[(services_.loop.now_ms() + deadline) / tick_ms + 1].push_back(r.id);
  out.outcome = status::ok;
  out.link = serial;
  return out;
}

void cluster::ended(parley_session_id session, std::uint16_t plugin, std::uint32_t link) {
  if (auto* p = links_.by_serial(link); p && p->in_flight > 0) --p->in_flight;
  auto* s = services_.sessions.find(session);
  auto* tie = s && s->far ? s->far->of(plugin) : nullptr;
  if (tie && tie->in_flight > 0) --tie->in_flight;
}

cluster::visitor& cluster::visit(peer& p, parley_session_id session) {
  auto& v = visitors_[session];
  v.link = p.link->serial();
  return v;
}

void cluster::on_command(peer& p, std::string_view body) {
  record_reader in(body);
  dispatcher::far_work w;
  w.link = p.link->serial();
  w.origin = in.number();
  const auto flags = in.number();
  w.call = flags & is_call;
  w.websocket = flags & by_websocket;
  w.session = in.number();
  w.command = in.number16();
  w.seq = in.number16();
  w.level = in.number32();
  w.principal.id = in.number();
  w.principal.tag = in.number32();
  w.principal.flags = in.number32();
  const auto deadline = in.number();
  w.body = in.text();
  for (auto filters = in.number(most_filters); filters > 0 && in.ok(); --filters) {
    w.filters.emplace_back(in.text());
  }
  const auto address = flags & is_first ? in.text(256) : std::string_view();
  const auto serial = flags & has_slot ? in.number() : 0;
  const auto version = flags & has_slot ? in.number32() : 0;
  const auto slot = flags & has_slot ? in.text(4096) : std::string_view();
  if (!in.ok() || w.call == (w.session != 0)) return note_broken(p, record::command);
  if (!w.call && w.session >> 48 != p.number) {
    ++counters_.stale;
    return finish(w.link, w.origin, status::closed, "that session is not yours", 0);
  }
  if (!w.call) {
    auto& v = visit(p, w.session);
    if (flags & is_first) v.address = printable(address);
    if (w.principal.id || v.principal.id == 0) v.principal = w.principal;
    v.level = static_cast<std::uint8_t>(w.level);
    if (v.held > 0) return v.waiting.emplace_back(body), void();
    if (flags & has_slot) {
      const auto* entry = services_.dispatch.table().find(w.command);
      if (entry) {
        const auto& owner = entry->owner->name();
        auto found = std::find_if(v.slots.begin(), v.slots.end(), [&](const auto& s) { return s.plugin == owner; });
        if (found == v.slots.end()) found = v.slots.insert(found, visitor::slot{owner, 0, 0, {}});
        if (serial >= found->serial) *found = {owner, version, serial, std::string(slot)};
      }
    }
  }
  if (p.link->others_clock() > deadline) {
    ++counters_.late;
    return finish(w.link, w.origin, status::timeout, "it came past its deadline", 0);
  }
  ++counters_.served;
  services_.dispatch.serve(w);
}

void cluster::hold(parley_session_id session) {
  const auto found = visitors_.find(session);
  if (found != visitors_.end()) ++found->second.held;
}

void cluster::release(parley_session_id session) {
  const auto found = visitors_.find(session);
  if (found == visitors_.end() || found->second.held == 0 || --found->second.held > 0) return;
  auto waiting = std::exchange(found->second.waiting, {});
  const auto link = found->second.link;
  while (!waiting.empty()) {
    auto* p = links_.by_serial(link);
    const auto still = visitors_.find(session);
    if (!p || still == visitors_.end()) return;
    if (still->second.held > 0) {  // one of them waits for a filter again
      for (auto& body : waiting) still->second.waiting.push_back(std::move(body));
      return;
    }
    const auto body = std::move(waiting.front());
    waiting.pop_front();
    on_command(*p, body);
  }
}

status cluster::reply(std::uint32_t link, parley_request_id request, std::uint16_t command, parley_bytes body) {
  auto* p = links_.by_serial(link);
  if (!p) return status::closed;
  if (body.size > longest_body) return status::too_large;
  record_writer w;
  w.number(request).number(command).text(view(body));
  return p->link->send(record::reply, w.bytes()) ? status::ok : status::closed;
}

void cluster::finish(std::uint32_t link, parley_request_id request, status verdict, std::string_view text,
                     std::uint32_t retry_after_ms) {
  auto* p = links_.by_serial(link);
  if (!p) return;
  record_writer w;
  w.number(request).number(static_cast<std::uint64_t>(raw(verdict))).text(text).number(retry_after_ms);
  p->link->send(record::finish, w.bytes());
}

void cluster::on_reply(record_reader& in) {
  const auto request = in.number();
  const auto command = in.number16();
  const auto body = in.text();
  if (in.ok() && services_.dispatch.far_reply(request, command, bytes(body)) == status::closed) ++counters_.stale;
}

void cluster::on_finish(record_reader& in) {
  const auto request = in.number();
  const auto verdict = static_cast<status>(in.number(PARLEY_PENDING));
  const auto text = in.text();
  const auto retry = in.number32();
  if (in.ok() && !services_.dispatch.far_finish(request, verdict, text, retry)) ++counters_.stale;
}

}  // namespace parley::host
