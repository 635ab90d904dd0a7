#include <algorithm>
#include <parley/commands.hpp>

#include "chat/chat.hpp"

namespace parley::chat {
namespace {

constexpr int most_shown = 200;

}  // namespace

void chat::ask_groups(std::function<void()> then) {
  if (me_.extension_level == 0) return ask_normal_groups(std::move(then));
  ask_my_groups(0, directory_.groups(), std::move(then));
}

/// `gone`: those one was in, as far as no answer has named them.
void chat::ask_my_groups(std::uint32_t after, std::vector<std::uint32_t> gone, std::function<void()> then) {
  parley::group::MyGroupsReq request;
  request.set_after_group_id(after);
  ask_all<parley::group::MyGroupsRsp>(cid::group_mine_request, request, "groups",
                                      [this, after, gone, then](const auto& answer) mutable {
                                        for (const auto& each : answer.group()) {
                                          directory_.add(each);
                                          std::erase(gone, each.group_id());
                                          after = each.group_id();
                                        }
                                        if (!answer.last()) return true;
                                        if (answer.more()) {
                                          ask_my_groups(after, std::move(gone), std::move(then));
                                          return false;
                                        }
                                        for (const std::uint32_t id : gone) {
                                          view_.notice("you are no longer in " + directory_.name({true, id}));
                                          no_member_any_more(id);
                                        }
                                        if (then) then();
                                        return false;
                                      });
}

/// From a server of TeamTalk's: groups that administrators made; others are met as they talk.
void chat::ask_normal_groups(std::function<void()> then) {
  IM::Group::IMNormalGroupListReq request;
  request.set_user_id(me_.user_id);
  ask<IM::Group::IMNormalGroupListRsp>(cid::group_normal_list_request, request, "groups",
                                       [this, then](const auto& answer) {
                                         std::vector<std::uint32_t> ids;
                                         for (const auto& each : answer.group_version_list()) {
                                           ids.push_back(each.group_id());
                                         }
                                         with_group_infos(ids, then);
                                       });
}

void chat::with_group_infos(const std::vector<std::uint32_t>& group_ids, std::function<void()> then) {
  if (group_ids.empty()) return then ? then() : void();
  IM::Group::IMGroupInfoListReq request;
  request.set_user_id(me_.user_id);
  for (const std::uint32_t id : group_ids) {
    auto* const wanted = request.add_group_version_list();
    wanted->set_group_id(id);
    wanted->set_version(0);
  }
  ask<IM::Group::IMGroupInfoListRsp>(cid::group_info_request, request, "group names", [this, then](const auto& answer) {
    for (const auto& group : answer.group_info_list()) directory_.add(group);
    refresh_prompt();
    if (then) then();
  });
}

void chat::with_group(const std::string& typed, std::function<void(std::uint32_t)> then) {
  if (typed.empty()) {
    if (!open_ || !open_->group) return view_.trouble("no group is open; name one: #NAME or #NUMBER");
    return then(open_->id);
  }
  const auto find = [this, typed, then = std::move(then)] {
    if (const auto found = the_one(typed)) then(found->id);
  };
  if (!directory_.find(typed).found.empty()) return find();
  ask_groups(find);  // perhaps it is new
}

bool chat::groups(words& given) {
  if (!given.empty()) return false;
  ask_groups([this] {
    IM::Message::IMUnreadMsgCntReq request;
    request.set_user_id(me_.user_id);
    ask<IM::Message::IMUnreadMsgCntRsp>(
        cid::msg_unread_cnt_request, request, "unread counts", [this](const auto& answer) {
          std::map<std::uint32_t, std::uint32_t> unread;
          for (const auto& each : answer.unreadinfo_list()) {
            if (each.session_type() == IM::BaseDefine::SESSION_TYPE_GROUP)
              unread[each.session_id()] = each.unread_cnt();
          }
          if (directory_.groups().empty()) view_.notice("no groups; /group new NAME MEMBER... makes one");
          for (const std::uint32_t id : directory_.groups()) {
            const auto& group = directory_.group_at(id);
            std::string line = directory_.name_and_id({true, id}) + "  " + std::to_string(group.member_count) +
                               (group.member_count == 1 ? " member" : " members");
            if (unread[id] > 0) line += ", " + std::to_string(unread[id]) + " unread";
            if (group.owner == me_.user_id) line += ", yours";
            view_.plain(line);
          }
        });
  });
  return true;
}

bool chat::members(words& given) {
  const std::string typed = given.take_group();
  if (!given.empty()) return false;
  with_group(typed, [this](std::uint32_t id) {
    IM::Group::IMGroupInfoListReq request;
    request.set_user_id(me_.user_id);
    auto* const wanted = request.add_group_version_list();
    wanted->set_group_id(id);
    wanted->set_version(0);
    ask<IM::Group::IMGroupInfoListRsp>(cid::group_info_request, request, "members", [this, id](const auto& answer) {
      if (answer.group_info_list().empty()) return view_.trouble("you are not in " + directory_.name({true, id}));
      const auto group = answer.group_info_list(0);
      directory_.add(group);
      const auto& ids = group.group_member_list();
      with_profiles({ids.begin(), ids.end()}, [this, group] {
        const int size = group.group_member_list_size();
        view_.title(std::to_string(size) + (size == 1 ? " member of " : " members of ") +
                    directory_.name_and_id({true, group.group_id()}) + (group.shield_status() == 1 ? ", muted" : ""));
        for (int i = 0; i < std::min(size, most_shown); ++i) {
          const std::uint32_t member = group.group_member_list(i);
          view_.plain(view_.status_mark(directory_.status(member)) + " " + phrases_.who(member) +
                      (member == group.group_creator_id() ? ", owner" : ""));
        }
        if (size > most_shown) view_.notice("and " + std::to_string(size - most_shown) + " more");
      });
    });
  });
  return true;
}

bool chat::group_new(words& given) {
  std::string name = given.take();
  if (name.starts_with('#')) name.erase(0, 1);
  if (name.empty() || given.empty()) return false;
  with_people(given.take_all(), [this, name](const std::vector<std::uint32_t>& ids) {
    IM::Group::IMGroupCreateReq request;
    request.set_user_id(me_.user_id);
    request.set_group_type(IM::BaseDefine::GROUP_TYPE_TMP);
    request.set_group_name(name);
    request.set_group_avatar("");
    request.add_member_id_list(me_.user_id);
    for (const std::uint32_t id : ids) request.add_member_id_list(id);
    ask<IM::Group::IMGroupCreateRsp>(
        cid::group_create_request, request, "no group made", [this, ids](const auto& answer) {
          if (!granted(answer, "no group made")) return;
          IM::BaseDefine::GroupInfo made;
          made.set_group_id(answer.group_id());
          made.set_group_name(answer.group_name());
          made.set_group_creator_id(me_.user_id);
          *made.mutable_group_member_list() = answer.user_id_list();
          directory_.add(made);
          open_ = peer{true, answer.group_id()};
          std::vector<std::uint32_t> others(answer.user_id_list().begin(), answer.user_id_list().end());
          std::erase(others, me_.user_id);
          view_.notice("you made " + directory_.name_and_id(*open_) +
                       (others.empty() ? ", alone" : " with " + phrases_.list(others)));
          tell_left_out(ids, others);
          refresh_prompt();
        });
  });
  return true;
}

}  // namespace parley::chat
