#include "host/cluster/cluster.hpp"
#include "host/net/session_ops.hpp"
#include "host/node/services.hpp"
#include "host/plugin/interfaces.hpp"
#include "parley/abi/session.h"

namespace parley::host {

namespace {

/// The cluster, when the session is another node's; else null.
cluster* home_elsewhere(const generation& g, parley_session_id id) {
  auto* c = g.services().cluster;
  return c && c->elsewhere(id) ? c : nullptr;
}

parley_status reply(parley_generation* self, parley_request_id request, std::uint16_t command, parley_bytes body) {
  return raw(on_loop(self, "session.reply").services().dispatch.reply(request, command, body));
}

void finish(parley_generation* self, parley_request_id request, parley_status verdict, parley_bytes text,
            std::uint32_t retry_after_ms) {
  on_loop(self, "session.finish")
      .services()
      .dispatch.finish(request, static_cast<status>(verdict), text, retry_after_ms);
}

void explain(parley_generation* self, parley_request_id request, parley_bytes text, std::uint32_t retry_after_ms) {
  on_loop(self, "session.explain").services().dispatch.explain(request, text, retry_after_ms);
}

parley_status replace_body(parley_generation* self, parley_request_id request, parley_bytes body) {
  return raw(on_loop(self, "session.replace_body").services().dispatch.replace_body(request, body));
}

parley_status push(parley_generation* self, parley_session_id id, std::uint16_t command, parley_bytes body) {
  auto& g = on_loop(self, "session.push");
  if (auto* c = home_elsewhere(g, id)) return raw(c->push(id, 0, command, body));
  auto& table = g.services().sessions;
  auto* s = table.find(id);
  return raw(s ? table.send(*s, command, 0, body) : status::closed);
}

parley_status push_principals(parley_generation* self, const std::uint64_t* principals, std::size_t count,
                              const parley_selector* which, std::uint16_t command, parley_bytes body) {
  auto& services = on_loop(self, "session.push_principals").services();
  static constexpr parley_selector everyone{};
  const parley_selector& selector = which ? *which : everyone;
  push_to_terminals(services.sessions, principals, count, selector, command, body);
  if (services.cluster) services.cluster->push_principals(principals, count, selector, command, body);
  return PARLEY_OK;
}

parley_status push_principal(parley_generation* self, std::uint64_t principal, const parley_selector* which,
                             std::uint16_t command, parley_bytes body) {
  return push_principals(self, &principal, 1, which, command, body);
}

/// Costs no more than the smaller of the two directories.
std::uint32_t count_online(node_services& services) {
  const auto& here = services.sessions;
  if (!services.cluster) return static_cast<std::uint32_t>(here.principals());
  const auto& others = services.cluster->others();
  std::size_t on_both = 0;
  if (here.principals() < others.principals()) {
    here.each_principal([&](std::uint64_t principal) { on_both += others.has_terminal(principal); });
  } else {
    others.each_principal([&](std::uint64_t principal) { on_both += here.has_terminal(principal); });
  }
  return static_cast<std::uint32_t>(here.principals() + others.principals() - on_both);
}

std::uint32_t online(parley_generation* self, std::uint64_t* out, std::uint32_t capacity) {
  auto& services = on_loop(self, "session.online").services();
  if (!out) return count_online(services);
  std::uint32_t total = 0;
  const auto add = [&](std::uint64_t principal) {
    if (out && total < capacity) out[total] = principal;
    ++total;
  };
  services.sessions.each_principal(add);
  if (services.cluster) {
    services.cluster->others().each_principal([&](std::uint64_t principal) {
      if (!services.sessions.has_terminal(principal)) add(principal);
    });
  }
  return total;
}

parley_status answer(parley_generation* self, parley_session_id id, std::uint16_t seq, std::uint16_t command,
                     parley_bytes body) {
  auto& g = on_loop(self, "session.answer");
  if (auto* c = home_elsewhere(g, id)) return raw(c->push(id, seq, command, body));
  auto& table = g.services().sessions;
  auto* s = table.find(id);
  return raw(s ? table.send(*s, command, seq, body) : status::closed);
}

parley_status authenticate(parley_generation* self, parley_session_id id, const parley_principal* principal,
                           std::uint32_t level) {
  auto& g = on_loop(self, "session.authenticate");
  if (auto* c = home_elsewhere(g, id)) return raw(c->authenticate(id, *principal, level, g.name()));
  auto& table = g.services().sessions;
  auto* s = table.find(id);
  return raw(s ? table.authenticate(*s, *principal, level, g.name()) : status::closed);
}

parley_status close(parley_generation* self, parley_session_id id, const char* reason) {
  auto& g = on_loop(self, "session.close");
  if (auto* c = home_elsewhere(g, id)) return raw(c->close(id, reason));
  auto& table = g.services().sessions;
  auto* s = table.find(id);
  if (!s) return PARLEY_CLOSED;
  table.close_after_flush(*s, lasting_reason(reason));
  return PARLEY_OK;
}

std::uint32_t terminals(parley_generation* self, std::uint64_t principal, parley_terminal* out,
                        std::uint32_t capacity) {
  auto& services = on_loop(self, "session.terminals").services();
  std::uint32_t total = 0;
  const auto add = [&](parley_session_id session, std::uint32_t tag, std::uint32_t level) {
    if (out && total < capacity) out[total] = {session, tag, level};
    ++total;
  };
  services.sessions.each_terminal(principal, [&](session& s) { add(s.id, s.principal.tag, s.level); });
  if (services.cluster) {
    services.cluster->others().each_terminal(
        principal, [&](const directory::entry& e) { add(e.session, e.principal.tag, e.level); });
  }
  return total;
}

parley_status set_slot(parley_generation* self, parley_session_id id, std::uint32_t version, parley_bytes data) {
  auto& g = on_loop(self, "session.set_slot");
  if (auto* c = home_elsewhere(g, id)) return raw(c->set_slot(id, g.name(), version, view(data)));
  auto* s = g.services().sessions.find(id);
  return raw(s ? set_slot_of(*s, g.name(), version, view(data)) : status::closed);
}

parley_status get_slot(parley_generation* self, parley_session_id id, std::uint32_t* version, parley_bytes* out) {
  auto& g = on_loop(self, "session.get_slot");
  if (auto* c = home_elsewhere(g, id)) return raw(c->get_slot(id, g.name(), version, out));
  auto* s = g.services().sessions.find(id);
  if (!s) return PARLEY_CLOSED;
  if (!s->slots) return PARLEY_NO_TARGET;
  for (const auto& b : *s->slots) {
    if (b.owner != g.name() || b.bytes.empty()) continue;
    *version = b.version;
    *out = bytes(b.bytes);
    return PARLEY_OK;
  }
  return PARLEY_NO_TARGET;
}

constexpr parley_session_1 session_functions{sizeof(parley_session_1),
                                             0,
                                             reply,
                                             finish,
                                             explain,
                                             replace_body,
                                             push,
                                             push_principal,
                                             authenticate,
                                             close,
                                             terminals,
                                             set_slot,
                                             get_slot,
                                             push_principals,
                                             online,
                                             answer};

}  // namespace

const void* session_interface() {
  return &session_functions;
}

}  // namespace parley::host
