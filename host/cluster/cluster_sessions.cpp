// What plugins do to sessions of other nodes: messages to their home, in order. And what others' plugins do to ours.
#include <algorithm>

#include "host/cluster/cluster.hpp"
#include "host/net/session_ops.hpp"
#include "host/node/services.hpp"
#include "parley/bytes.hpp"

namespace parley::host {

namespace {

constexpr std::size_t longest_slot = 4096, longest_reason = 64;

}  // namespace

peer* cluster::home_of(parley_session_id session) const {
  const auto found = by_number_.find(static_cast<std::uint16_t>(session >> 48));
  return found != by_number_.end() && found->second->open() ? found->second : nullptr;
}

status cluster::push(parley_session_id session, std::uint16_t seq, std::uint16_t command, parley_bytes body) {
  auto* p = home_of(session);
  if (!p) return status::closed;
  if (body.size > longest_body) return status::too_large;
  record_writer w;
  w.number(session).number(seq).number(command).text(view(body));
  return p->link->send(record::push, w.bytes()) ? status::ok : status::closed;
}

status cluster::authenticate(parley_session_id session, const parley_principal& principal, std::uint32_t level,
                             const std::string& plugin) {
  auto* p = home_of(session);
  const auto found = visitors_.find(session);
  if (!p || found == visitors_.end()) return status::closed;
  if (found->second.principal.id != 0 || directory_.find(session)) return status::conflict;
  found->second.principal = principal;
  record_writer w;
  w.number(session).number(principal.id).number(principal.tag).number(principal.flags).number(level).text(plugin);
  return p->link->send(record::authenticate, w.bytes()) ? status::ok : status::closed;
}

status cluster::close(parley_session_id session, std::string_view reason) {
  auto* p = home_of(session);
  if (!p || (!visitors_.contains(session) && !directory_.find(session))) return status::closed;
  record_writer w;
  w.number(session).text(reason.substr(0, longest_reason));
  if (!p->link->send(record::close, w.bytes())) return status::closed;
  directory_.leaves(session);
  return status::ok;
}

status cluster::set_slot(parley_session_id session, const std::string& plugin, std::uint32_t version,
                         std::string_view data) {
  if (data.size() > longest_slot) return status::too_large;
  auto* p = home_of(session);
  const auto found = visitors_.find(session);
  if (!p || found == visitors_.end()) return status::closed;
  auto& slots = found->second.slots;
  auto slot = std::find_if(slots.begin(), slots.end(), [&](const auto& s) { return s.plugin == plugin; });
  if (slot == slots.end()) slot = slots.insert(slot, visitor::slot{plugin, 0, 0, {}});
  *slot = {plugin, version, slot->serial + 1, std::string(data)};
  record_writer w;
  w.number(session).text(plugin).number(slot->serial).number(version).text(data);
  return p->link->send(record::slot, w.bytes()) ? status::ok : status::closed;
}

status cluster::get_slot(parley_session_id session, const std::string& plugin, std::uint32_t* version,
                         parley_bytes* out) {
  const auto found = visitors_.find(session);
  if (found == visitors_.end()) return directory_.find(session) ? status::no_target : status::closed;
  for (const auto& s : found->second.slots) {
    if (s.plugin != plugin || s.bytes.empty()) continue;
    *version = s.version;
    *out = bytes(s.bytes);
    return status::ok;
  }
  return status::no_target;
}

std::string_view cluster::peer_of(parley_session_id session) const {
  const auto found = visitors_.find(session);
  return found == visitors_.end() ? std::string_view() : found->second.address;
}

void cluster::push_principals(const std::uint64_t* principals, std::size_t count, const parley_selector& which,
                              std::uint16_t command, parley_bytes body) {
  if (directory_.size() == 0 || body.size > longest_body) return;
  std::vector<peer*> concerned;
  for (std::size_t i = 0; i < count; ++i) {
    directory_.each_terminal(principals[i], [&](const directory::entry& e) {
      if (!selected(which, e.session, e.principal.tag, e.level)) return;
      auto* p = home_of(e.session);
      if (!p) return void(++counters_.undelivered);
      if (p->gathered.empty()) concerned.push_back(p);
      if (p->gathered.empty() || p->gathered.back() != principals[i]) p->gathered.push_back(principals[i]);
    });
  }
  for (auto* p : concerned) {
    record_writer w;
    w.number(which.tag_mask).number(which.tag_value).number(which.min_level).number(which.max_level);
    w.number(which.flags).number(which.except).number(command).text(view(body)).number(p->gathered.size());
    for (const auto id : p->gathered) w.number(id);
    p->gathered.clear();
    if (p->link->send(record::push_many, w.bytes())) ++counters_.pushes_out;
  }
}

void cluster::on_push_many(record_reader& in) {
  parley_selector which{};
  which.tag_mask = in.number32();
  which.tag_value = in.number32();
  which.min_level = in.number32();
  which.max_level = in.number32();
  which.flags = in.number32();
  which.except = in.number();
  const auto command = in.number16();
  const auto body = in.text();
  std::vector<std::uint64_t> principals;
  for (auto left = in.number(); left > 0 && in.ok() && !in.at_end(); --left) principals.push_back(in.number());
  if (!in.ok()) return;
  ++counters_.pushes_in;
  push_to_terminals(services_.sessions, principals.data(), principals.size(), which, command, bytes(body));
}

// In order for each session, whatever the record: they come over one link.
void cluster::on_session_record(peer& p, record r, record_reader& in) {
  const auto id = in.number();
  if (r == record::gone) {
    if (in.ok() && id >> 48 == p.number) visitors_.erase(id);
    return;
  }
  auto& table = services_.sessions;
  auto* s = table.find(id);
  if (r == record::push) {
    const auto seq = in.number16();
    const auto command = in.number16();
    const auto body = in.text();
    if (in.ok() && s) table.send(*s, command, seq, bytes(body));
  } else if (r == record::authenticate) {
    const auto user = in.number();
    const parley_principal principal{user, in.number32(), in.number32()};
    const auto level = in.number32();
    const auto plugin = std::string(in.text(longest_reason));
    if (in.ok() && s) table.authenticate(*s, principal, level, plugin);
  } else if (r == record::close) {
    const auto reason = in.text(longest_reason);
    if (in.ok() && s) table.close_after_flush(*s, lasting_reason(reason));
  } else {
    const auto plugin = std::string(in.text(longest_reason));
    const auto serial = in.number();
    const auto version = in.number32();
    const auto data = in.text(longest_slot);
    if (in.ok() && s) set_slot_of(*s, plugin, version, data, serial);
  }
  if (in.ok() && !s) ++counters_.stale;
}

}  // namespace parley::host
