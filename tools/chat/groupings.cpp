#include <algorithm>
#include <parley/commands.hpp>

#include "chat/chat.hpp"

namespace parley::chat {

/// `then` gets the grouping that is typed; when there is none, that is told instead.
void chat::with_grouping(const std::string& typed, std::function<void(std::uint32_t)> then) {
  refresh_friends(false, [this, typed, then = std::move(then)] {
    if (const auto* const found = friends_.find_grouping(typed)) return then(found->id);
    view_.trouble("you have no group of friends called " + client::printable(typed) + "; see /friend groups");
  });
}

void chat::change_groupings(std::uint16_t command_id, const google::protobuf::MessageLite& request, const char* what,
                            std::string done) {
  ask<friends::IMGroupingsRsp>(command_id, request, what, [this, done = std::move(done)](const auto&) {
    view_.notice(done);
    refresh_friends(false);
  });
}

bool chat::grouping_list(words& given) {
  if (!given.empty()) return false;
  refresh_friends(false, [this] {
    if (friends_.groupings().empty()) view_.notice("no groups of friends; /friend group new NAME makes one");
    for (const auto& each : friends_.groupings()) {
      view_.plain(view_.bold(each.name) + "  " + phrases_.list(friends_.members(each.id)));
    }
  });
  return true;
}

bool chat::grouping_new(words& given) {
  const std::string name = given.rest();
  if (name.empty()) return false;
  friends::IMGroupingCreateReq request;
  request.set_name(name);
  change_groupings(cid::friends_grouping_create_req, request, "no group made",
                   "you have a group of friends called " + client::printable(name));
  return true;
}

bool chat::grouping_rename(words& given) {
  const std::string before = given.take();
  const std::string after = given.rest();
  if (before.empty() || after.empty()) return false;
  with_grouping(before, [this, before, after](std::uint32_t id) {
    friends::IMGroupingRenameReq request;
    request.set_grouping_id(id);
    request.set_name(after);
    change_groupings(cid::friends_grouping_rename_req, request, "not renamed",
                     client::printable(before) + " is called " + client::printable(after) + " now");
  });
  return true;
}

bool chat::grouping_delete(words& given) {
  const std::string name = given.rest();
  if (name.empty()) return false;
  with_grouping(name, [this, name](std::uint32_t id) {
    friends::IMGroupingDeleteReq request;
    request.set_grouping_id(id);
    change_groupings(cid::friends_grouping_delete_req, request, "not deleted",
                     client::printable(name) + " is gone; its friends are still yours");
  });
  return true;
}

bool chat::grouping_move(words& given) {
  const std::string name = given.take();
  const std::string grouping = given.rest();
  if (name.empty()) return false;
  with_person(name, [this, grouping](std::uint32_t user_id) {
    const auto move = [this, user_id, grouping](std::uint32_t id) {
      friends::IMFriendMoveReq request;
      request.set_peer_id(user_id);
      request.set_grouping_id(id);
      ask<friends::IMFriendMoveRsp>(cid::friends_move_req, request, "not moved", [=, this](const auto&) {
        view_.notice(phrases_.who(user_id) +
                     (id == 0 ? " is in no group of friends" : " is in " + client::printable(grouping)));
        refresh_friends(false);
      });
    };
    if (grouping.empty()) return move(0);
    with_grouping(grouping, move);
  });
  return true;
}

/// Those that are named come first, in that order; the others follow as they were.
bool chat::grouping_order(words& given) {
  const auto names = given.take_all();
  if (names.empty()) return false;
  refresh_friends(false, [this, names] {
    std::vector<std::uint32_t> ids;
    const auto add = [&](std::uint32_t id) {
      if (std::ranges::find(ids, id) == ids.end()) ids.push_back(id);
    };
    for (const std::string& name : names) {
      const auto* const found = friends_.find_grouping(name);
      if (!found) return view_.trouble("you have no group of friends called " + client::printable(name));
      add(found->id);
    }
    for (const auto& each : friends_.groupings()) add(each.id);
    friends::IMGroupingOrderReq request;
    for (const std::uint32_t id : ids) request.add_grouping_id(id);
    ask<friends::IMGroupingsRsp>(cid::friends_grouping_order_req, request, "not ordered", [this](const auto&) {
      refresh_friends(false, [this] {
        std::string line;
        for (const auto& each : friends_.groupings()) line += (line.empty() ? "" : ", ") + each.name;
        view_.notice("your groups of friends: " + line);
      });
    });
  });
  return true;
}

}  // namespace parley::chat
