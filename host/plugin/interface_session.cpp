#include "host/node/services.hpp"
#include "host/plugin/interfaces.hpp"
#include "parley/abi/session.h"

namespace parley::host {

namespace {

constexpr std::size_t max_slot = 4096;
constexpr std::size_t worth_sharing = 4096;  // bytes; smaller ones are cheaper to copy than to write apart

bool selected(const parley_selector& which, const session& s) {
  if (s.id == which.except) return false;
  if ((s.principal.tag & which.tag_mask) != which.tag_value) return false;
  if (s.level < which.min_level) return false;
  if ((which.flags & PARLEY_LEVEL_0) && s.level != 0) return false;
  return !which.max_level || s.level <= which.max_level;
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
  auto& table = on_loop(self, "session.push").services().sessions;
  auto* s = table.find(id);
  return raw(s ? table.send(*s, command, 0, body) : status::closed);
}

parley_status push_principal(parley_generation* self, std::uint64_t principal, const parley_selector* which,
                             std::uint16_t command, parley_bytes body) {
  auto& table = on_loop(self, "session.push_principal").services().sessions;
  static constexpr parley_selector everyone{};
  table.each_terminal(principal, [&](session& s) {
    if (selected(which ? *which : everyone, s)) table.send(s, command, 0, body);
  });
  return PARLEY_OK;
}

parley_status push_principals(parley_generation* self, const std::uint64_t* principals, std::size_t count,
                              const parley_selector* which, std::uint16_t command, parley_bytes body) {
  auto& table = on_loop(self, "session.push_principals").services().sessions;
  static constexpr parley_selector everyone{};
  const parley_selector& selector = which ? *which : everyone;
  // A large body is kept once, however many have yet to take it.
  const auto shared =
      count > 1 && body.size >= worth_sharing ? std::make_shared<const std::string>(view(body)) : nullptr;
  for (std::size_t i = 0; i < count; ++i) {
    table.each_terminal(principals[i], [&](session& s) {
      if (selected(selector, s)) shared ? table.send(s, command, shared) : table.send(s, command, 0, body);
    });
    table.relieve();
  }
  return PARLEY_OK;
}

std::uint32_t online(parley_generation* self, std::uint64_t* out, std::uint32_t capacity) {
  std::uint32_t total = 0;
  on_loop(self, "session.online").services().sessions.each_principal([&](std::uint64_t principal) {
    if (out && total < capacity) out[total] = principal;
    ++total;
  });
  return total;
}

parley_status answer(parley_generation* self, parley_session_id id, std::uint16_t seq, std::uint16_t command,
                     parley_bytes body) {
  auto& table = on_loop(self, "session.answer").services().sessions;
  auto* s = table.find(id);
  return raw(s ? table.send(*s, command, seq, body) : status::closed);
}

parley_status authenticate(parley_generation* self, parley_session_id id, const parley_principal* principal,
                           std::uint32_t level) {
  auto& g = on_loop(self, "session.authenticate");
  auto& table = g.services().sessions;
  auto* s = table.find(id);
  return raw(s ? table.authenticate(*s, *principal, level, g.name()) : status::closed);
}

parley_status close(parley_generation* self, parley_session_id id, const char* reason) {
  auto& services = on_loop(self, "session.close").services();
  auto* s = services.sessions.find(id);
  if (!s) return PARLEY_CLOSED;
  // Reasons are counted for longer than a plugin's strings live.
  static std::map<std::string, std::string, std::less<>> reasons;
  auto& kept = reasons.size() < 256 ? reasons.try_emplace(reason, reason).first->second : reasons.begin()->second;
  services.sessions.close_after_flush(*s, kept.c_str());
  return PARLEY_OK;
}

std::uint32_t terminals(parley_generation* self, std::uint64_t principal, parley_terminal* out,
                        std::uint32_t capacity) {
  std::uint32_t total = 0;
  on_loop(self, "session.terminals").services().sessions.each_terminal(principal, [&](session& s) {
    if (out && total < capacity) out[total] = {s.id, s.principal.tag, s.level};
    ++total;
  });
  return total;
}

parley_status set_slot(parley_generation* self, parley_session_id id, std::uint32_t version, parley_bytes data) {
  auto& g = on_loop(self, "session.set_slot");
  auto* s = g.services().sessions.find(id);
  if (!s) return PARLEY_CLOSED;
  if (data.size > max_slot) return PARLEY_TOO_LARGE;
  if (!s->slots) s->slots = std::make_unique<std::vector<slot_bytes>>();
  auto found =
      std::find_if(s->slots->begin(), s->slots->end(), [&](const slot_bytes& b) { return b.owner == g.name(); });
  if (data.size == 0) {
    if (found != s->slots->end()) s->slots->erase(found);
    return PARLEY_OK;
  }
  if (found == s->slots->end()) found = s->slots->insert(found, slot_bytes{g.name(), 0, {}});
  found->version = version;
  found->bytes = std::string(view(data));
  return PARLEY_OK;
}

parley_status get_slot(parley_generation* self, parley_session_id id, std::uint32_t* version, parley_bytes* out) {
  auto& g = on_loop(self, "session.get_slot");
  auto* s = g.services().sessions.find(id);
  if (!s) return PARLEY_CLOSED;
  if (!s->slots) return PARLEY_NO_TARGET;
  for (const auto& b : *s->slots) {
    if (b.owner != g.name()) continue;
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
