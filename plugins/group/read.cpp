#include <parley/commands.hpp>

#include <algorithm>

#include "answers.hpp"
#include "group.hpp"

namespace group {
namespace {

constexpr std::size_t most_asked = 1000;

/// Of the first most_asked, in order of id, each once; of several versions the lowest, so that it is answered if any of
/// them would be.
std::vector<store::known_version> asked_for(const IM::Group::IMGroupInfoListReq& message) {
  std::vector<store::known_version> asked;
  for (const auto& one : message.group_version_list()) {
    if (asked.size() == most_asked) break;
    asked.push_back({one.group_id(), one.version()});
  }
  std::sort(asked.begin(), asked.end(), [](const auto& x, const auto& y) {
    return x.group != y.group ? x.group < y.group : x.version < y.version;
  });
  asked.erase(std::unique(asked.begin(), asked.end(), [](const auto& x, const auto& y) { return x.group == y.group; }),
              asked.end());
  return asked;
}

}  // namespace

parley::task<parley::status> keeper::on_normal_list(parley::request request, IM::Group::IMNormalGroupListReq) {
  auto pages = co_await main_.read([user = request.user()](parley::sql& db) { return store::normal_groups(db, user); });
  if (!pages) co_return pages.code();
  for (auto& rows : *pages) {
    IM::Group::IMNormalGroupListRsp reply;
    reply.set_user_id(request.user());
    reply.mutable_group_version_list()->Swap(&rows);
    const auto sent = request.reply(parley::cid::group_normal_list_response, reply);
    if (sent != status::ok) co_return sent;
  }
  co_return status::ok;
}

parley::task<parley::status> keeper::on_info(parley::request request, IM::Group::IMGroupInfoListReq message) {
  // A TeamTalk client would hear nothing: it gets what there is room for.
  if (message.group_version_list_size() > static_cast<int>(most_asked) && request.level() >= 1) {
    co_return request.explain(status::too_large, "at most 1000 groups per request");
  }
  const auto asked = asked_for(message);
  auto pages =
      co_await main_.read([&, user = request.user()](parley::sql& db) { return store::infos(db, user, asked); });
  if (!pages) co_return pages.code();
  for (auto& rows : *pages) {
    IM::Group::IMGroupInfoListRsp reply;
    reply.set_user_id(request.user());
    reply.mutable_group_info_list()->Swap(&rows);
    const auto sent = request.reply(parley::cid::group_info_response, reply);
    if (sent != status::ok) co_return sent;
  }
  co_return status::ok;
}

parley::task<parley::status> keeper::on_mine(parley::request request, parley::group::MyGroupsReq message) {
  auto found = co_await main_.read([user = request.user(), after = message.after_group_id()](parley::sql& db) {
    return store::groups_of(db, user, after);
  });
  if (!found) co_return found.code();
  for (std::size_t i = 0; i < found->pages.size(); ++i) {
    const bool last = i + 1 == found->pages.size();
    parley::group::MyGroupsRsp reply;
    reply.mutable_group()->Swap(&found->pages[i]);
    reply.set_last(last);
    reply.set_more(last && found->more);
    const auto sent = request.reply(parley::cid::group_mine_response, reply);
    if (sent != status::ok) co_return sent;
  }
  co_return status::ok;
}

}  // namespace group
