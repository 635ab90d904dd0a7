#include "host/net/session_ops.hpp"

#include <algorithm>
#include <map>

#include "parley/bytes.hpp"

namespace parley::host {

namespace {

constexpr std::size_t max_slot = 4096;
constexpr std::size_t worth_sharing = 4096;  // bytes; smaller ones are cheaper to copy than to write apart

}  // namespace

void push_to_terminals(session_table& table, const std::uint64_t* principals, std::size_t count,
                       const parley_selector& which, std::uint16_t command, parley_bytes body) {
  // A large body is kept once, however many have yet to take it.
  const auto shared =
      count > 1 && body.size >= worth_sharing ? std::make_shared<const std::string>(view(body)) : nullptr;
  for (std::size_t i = 0; i < count; ++i) {
    table.each_terminal(principals[i], [&](session& s) {
      if (!selected(which, s.id, s.principal.tag, s.level)) return;
      shared ? table.send(s, command, shared) : table.send(s, command, 0, body);
    });
    table.relieve();
  }
}

const char* lasting_reason(std::string_view reason) {
  static std::map<std::string, std::string, std::less<>> reasons;
  const auto found = reasons.find(reason);
  if (found != reasons.end()) return found->second.c_str();
  if (reasons.size() >= 256) return reasons.begin()->second.c_str();
  return reasons.emplace(reason, reason).first->second.c_str();
}

status set_slot_of(session& s, const std::string& plugin, std::uint32_t version, std::string_view data,
                   std::uint64_t far_serial) {
  if (data.size() > max_slot) return status::too_large;
  if (!s.slots) s.slots = std::make_unique<std::vector<slot_bytes>>();
  auto found = std::find_if(s.slots->begin(), s.slots->end(), [&](const slot_bytes& b) { return b.owner == plugin; });
  if (found != s.slots->end() && far_serial && far_serial < found->far_serial) return status::ok;
  // One that another node emptied stays, for the serial.
  if (data.empty() && !far_serial) {
    if (found != s.slots->end()) s.slots->erase(found);
    return status::ok;
  }
  if (found == s.slots->end()) found = s.slots->insert(found, slot_bytes{plugin, 0, {}, 0});
  found->version = version;
  found->bytes = std::string(data);
  found->far_serial = far_serial;
  return status::ok;
}

}  // namespace parley::host
