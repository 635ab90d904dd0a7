// presence show NAME|ID
#include "audience.hpp"
#include "route.hpp"

namespace route {
namespace {

const char* word_of(presence status) {
  return status == presence::online ? "online" : status == presence::leave ? "away" : "offline";
}

const char* client_word(std::uint32_t client_type) {
  switch (client_type) {
    case IM::BaseDefine::CLIENT_TYPE_WINDOWS:
      return "windows";
    case IM::BaseDefine::CLIENT_TYPE_MAC:
      return "mac";
    case IM::BaseDefine::CLIENT_TYPE_IOS:
      return "ios";
    case IM::BaseDefine::CLIENT_TYPE_ANDROID:
      return "android";
    default:
      return "other";
  }
}

std::string json_text(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (static_cast<unsigned char>(c) < 0x20) {
      constexpr char digits[] = "0123456789abcdef";
      out += std::string("\\u00") + digits[c >> 4] + digits[c & 15];
      continue;
    }
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + "\"";
}

struct found {
  std::optional<store::named_user> user;
  store::relations known;
};

}  // namespace

parley::task<> route_plugin::on_show(parley::verb_call call) {
  const std::string& wanted = call[0];
  const auto all = everyone();
  const auto answer = co_await main_.read([&](parley::sql& db) {
    found out{store::find_user(db, wanted), {}};
    if (out.user) out.known = store::relations_of(db, std::span(&out.user->id, 1), all.empty());
    return out;
  });
  if (!answer) {
    call.fail(answer.code(), "presence show: " + std::string(answer.text()) +
                                 "; `parleyctl pools` shows what is away or full, then try again");
    co_return;
  }
  if (!answer->user) {
    call.fail(parley::status::no_target,
              "presence show: no user " + wanted + "; `parleyctl users list` shows names and ids");
    co_return;
  }
  const auto& [id, name] = *answer->user;
  const auto seers = audience(id, answer->known, all);
  std::size_t online = 0;
  for (const auto other : seers) online += sessions().online(other);
  std::string terminals;
  for (const auto& one : sessions().terminals(id)) {
    if (!terminals.empty()) terminals += ' ';
    terminals += client_word(one.tag);
    if (away_.contains(one.session)) terminals += "(away)";
  }
  call.answer("{\"id\":" + std::to_string(id) + ",\"name\":" + json_text(name) + ",\"status\":\"" +
              word_of(look(id).status) + "\",\"terminals\":\"" + terminals +
              "\",\"told_to\":" + (all.empty() ? "\"friends and recent\"" : "\"everybody\"") +
              ",\"seen_by\":" + std::to_string(seers.size()) + ",\"of_these_online\":" + std::to_string(online) + "}");
}

}  // namespace route
