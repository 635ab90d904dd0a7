#include <parley/commands.hpp>

#include <algorithm>
#include <string>
#include <vector>

#include "buddy.hpp"
#include "store.hpp"

namespace buddy {
namespace {

constexpr int most_ids = 1000;

}  // namespace

store::contact_details buddy_plugin::details_for(parley::sql& db, std::uint32_t viewer) const {
  return details_for_friends_ ? store::contact_details(db, viewer) : store::contact_details();
}

/// TeamTalk's clients hear no refusal: they get the first of too many.
parley::task<parley::status> buddy_plugin::on_users_info(parley::request request, IM::Buddy::IMUsersInfoReq message) {
  const auto& asked = message.user_id_list();
  if (asked.size() > most_ids && request.level() > 0) {
    co_return request.explain(parley::status::too_large, "at most " + std::to_string(most_ids) + " users per request");
  }
  std::vector<std::uint32_t> ids(asked.begin(), asked.begin() + std::min(asked.size(), most_ids));
  std::sort(ids.begin(), ids.end());
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
  auto found = co_await main_.read(
      [&, user = request.user()](parley::sql& db) { return store::users(db, ids, details_for(db, user)); });
  if (!found) co_return found.code();
  if (found->empty()) found->emplace_back();
  for (auto& part : *found) {
    IM::Buddy::IMUsersInfoRsp reply;
    reply.set_user_id(request.user());
    reply.mutable_user_info_list()->Swap(&part.rows);
    if (auto sent = request.reply(parley::cid::buddy_list_user_info_response, reply); sent != parley::status::ok) {
      co_return sent;
    }
  }
  co_return parley::status::ok;
}

parley::task<parley::status> buddy_plugin::on_all_users(parley::request request, IM::Buddy::IMAllUserReq message) {
  const std::uint32_t since = message.latest_update_time();
  const std::uint32_t now = unix_s();
  auto found = co_await main_.read([=, this, user = request.user()](parley::sql& db) {
    return store::users_since(db, since, details_for(db, user));
  });
  if (!found) co_return found.code();
  if (found->pages.empty()) found->pages.emplace_back();
  for (std::size_t i = 0; i < found->pages.size(); ++i) {
    IM::Buddy::IMAllUserRsp reply;
    reply.set_user_id(request.user());
    reply.set_latest_update_time(found->mark(i, since, now));
    reply.mutable_user_list()->Swap(&found->pages[i].rows);
    if (auto sent = request.reply(parley::cid::buddy_list_all_user_response, reply); sent != parley::status::ok) {
      co_return sent;
    }
  }
  co_return parley::status::ok;
}

}  // namespace buddy
