#include <memory>
#include <parley/commands.hpp>

#include "chat/chat.hpp"

namespace parley::chat {

void chat::refresh_friends(bool tell, std::function<void()> then) {
  friends::IMFriendListReq request;
  request.set_revision(friends_.revision());
  const auto all = std::make_shared<friends::IMFriendListRsp>();  // the parts, until the last one
  ask_all<friends::IMFriendListRsp>(cid::friends_list_req, request, "friends", [=, this](const auto& answer) {
    all->MergeFrom(answer);
    if (answer.more()) return true;
    const auto news = friends_.take(*all);
    std::vector<std::uint32_t> ids = news.added;
    ids.insert(ids.end(), news.ended.begin(), news.ended.end());
    for (const auto& [id, each] : friends_.all()) ids.push_back(id);
    with_profiles(ids, [this, tell, then, news] {
      for (const std::uint32_t id : news.added) {
        if (tell) view_.notice(phrases_.who(id) + " is your friend now");
      }
      for (const std::uint32_t id : news.ended) {
        if (tell) view_.notice(phrases_.who(id) + " and you are no longer friends");
      }
      if (then) then();
    });
    return false;
  });
}

void chat::ask_friend_requests(std::function<void()> then) {
  ask<friends::IMFriendPendingRsp>(cid::friends_pending_req, friends::IMFriendPendingReq(), "friend requests",
                                   [this, then](const auto& answer) {
                                     friend_requests_.assign(answer.incoming().begin(), answer.incoming().end());
                                     asked_friends_.assign(answer.outgoing().begin(), answer.outgoing().end());
                                     std::vector<std::uint32_t> ids;
                                     for (const auto& each : answer.incoming()) ids.push_back(each.user_id());
                                     for (const auto& each : answer.outgoing()) ids.push_back(each.user_id());
                                     with_profiles(ids, then);
                                   });
}

bool chat::show_friends(words& given) {
  if (!given.empty()) return false;
  refresh_friends(false, [this] {
    ask_friend_requests([this] {
      if (friends_.all().empty()) view_.notice("no friends yet; /friend add NAME asks somebody");
      show_grouping(0);
      for (const auto& each : friends_.groupings()) {
        view_.title(each.name);
        show_grouping(each.id);
      }
      for (const auto& each : friend_requests_) tell_friend_request(each);
      for (const auto& each : asked_friends_) view_.notice("you asked " + phrases_.who(each.user_id()));
    });
  });
  return true;
}

void chat::show_grouping(std::uint32_t grouping_id) {
  for (const std::uint32_t id : friends_.members(grouping_id)) {
    const std::string& remark = friends_.all().at(id).remark;
    view_.plain(view_.status_mark(directory_.status(id)) + " " + phrases_.who(id) +
                (remark.empty() ? "" : "  " + view_.dim(remark)));
  }
}

bool chat::friend_add(words& given) {
  const std::string name = given.take();
  if (name.empty()) return false;
  with_person(name, [this, text = given.rest()](std::uint32_t id) {
    friends::IMFriendAddReq request;
    request.set_peer_id(id);
    if (!text.empty()) request.set_text(text);
    ask<friends::IMFriendAddRsp>(cid::friends_add_req, request, "not asked", [this, id](const auto& answer) {
      if (!answer.friends()) return view_.notice("you asked " + phrases_.who(id) + " to be your friend");
      view_.notice(phrases_.who(id) + " is your friend now");
      refresh_friends(false);
    });
  });
  return true;
}

bool chat::friend_accept(words& given) {
  return answer_friend(given, true);
}
bool chat::friend_refuse(words& given) {
  return answer_friend(given, false);
}

bool chat::answer_friend(words& given, bool yes) {
  const std::string name = given.rest();
  if (name.empty()) return false;
  with_person(name, [this, yes](std::uint32_t id) {
    friends::IMFriendAnswerReq request;
    request.set_peer_id(id);
    request.set_accept(yes);
    ask<friends::IMFriendAnswerRsp>(cid::friends_answer_req, request, "not answered", [this, id, yes](const auto&) {
      view_.notice(yes ? phrases_.who(id) + " is your friend now" : "you refused " + phrases_.who(id));
      if (yes) refresh_friends(false);
    });
  });
  return true;
}

bool chat::friend_remove(words& given) {
  const std::string name = given.rest();
  if (name.empty()) return false;
  with_person(name, [this](std::uint32_t id) {
    friends::IMFriendDeleteReq request;
    request.set_peer_id(id);
    const bool was = friends_.has(id);
    ask<friends::IMFriendDeleteRsp>(cid::friends_delete_req, request, "not removed", [this, id, was](const auto&) {
      view_.notice(was ? phrases_.who(id) + " and you are no longer friends"
                       : "you do not ask " + phrases_.who(id) + " any more");
      refresh_friends(false);
    });
  });
  return true;
}

bool chat::friend_remark(words& given) {
  const std::string name = given.take();
  if (name.empty()) return false;
  with_person(name, [this, text = given.rest()](std::uint32_t id) {
    friends::IMFriendRemarkReq request;
    request.set_peer_id(id);
    request.set_remark(text);
    ask<friends::IMFriendRemarkRsp>(cid::friends_remark_req, request, "no remark", [this, id](const auto& answer) {
      view_.notice(phrases_.who(id) +
                   (answer.remark().empty() ? " has no remark" : ": " + client::printable(answer.remark())));
      refresh_friends(false);
    });
  });
  return true;
}

}  // namespace parley::chat
