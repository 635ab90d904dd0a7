// presence show NAME|ID
#include <parley/json.hpp>

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
    call.fail("presence show", answer.failure());
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
  call.answer(parley::json_object()
                  .add("id", id)
                  .add("name", name)
                  .add("status", word_of(look(id).status))
                  .add("terminals", terminals)
                  .add("told_to", all.empty() ? "friends and recent" : "everybody")
                  .add("seen_by", seers.size())
                  .add("of_these_online", online)
                  .str());
}

}  // namespace route
