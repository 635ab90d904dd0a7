#include <algorithm>
#include <memory>
#include <parley/commands.hpp>

#include "IM.Group.pb.h"
#include "chat/chat.hpp"
#include "client/printable.hpp"

namespace parley::chat {
namespace {

constexpr int presence_batch = 500;
constexpr std::uint32_t page = 50;
constexpr std::size_t most_pulled = 500;

}  // namespace

void chat::ask_people() {
  IM::Buddy::IMAllUserReq request;
  request.set_user_id(me_.user_id);
  request.set_latest_update_time(0);
  ask<IM::Buddy::IMAllUserRsp>(cid::buddy_list_all_user_request, request, "people", [this](const auto& answer) {
    for (const auto& profile : answer.user_list()) directory_.add(profile);
    ask_presence({});
  });
}

void chat::ask_presence(std::function<void()> then) {
  const auto ids = directory_.people();
  const auto open = std::make_shared<int>(0);
  for (std::size_t from = 0; from < ids.size(); from += presence_batch) {
    IM::Buddy::IMUsersStatReq request;
    request.set_user_id(me_.user_id);
    for (std::size_t i = from; i < std::min(ids.size(), from + presence_batch); ++i) request.add_user_id_list(ids[i]);
    ++*open;
    ask<IM::Buddy::IMUsersStatRsp>(
        cid::buddy_list_users_status_request, request, "who is online", [this, open, then](const auto& answer) {
          for (const auto& each : answer.user_stat_list()) {
            directory_.set_online(each.user_id(), each.status() == IM::BaseDefine::USER_STATUS_ONLINE);
          }
          if (--*open == 0 && then) then();
        });
  }
}

void chat::ask_groups() {
  IM::Group::IMNormalGroupListReq request;
  request.set_user_id(me_.user_id);
  ask<IM::Group::IMNormalGroupListRsp>(cid::group_normal_list_request, request, "groups", [this](const auto& answer) {
    std::vector<std::uint32_t> ids;
    for (const auto& each : answer.group_version_list()) ids.push_back(each.group_id());
    ask_group_names(ids);
  });
}

void chat::ask_group_names(const std::vector<std::uint32_t>& group_ids) {
  if (group_ids.empty()) return;
  IM::Group::IMGroupInfoListReq request;
  request.set_user_id(me_.user_id);
  for (const std::uint32_t id : group_ids) {
    auto* const wanted = request.add_group_version_list();
    wanted->set_group_id(id);
    wanted->set_version(0);
  }
  ask<IM::Group::IMGroupInfoListRsp>(cid::group_info_request, request, "group names", [this](const auto& answer) {
    for (const auto& group : answer.group_info_list()) directory_.add(group);
    refresh_prompt();
  });
}

void chat::ask_unread_at_login() {
  IM::Message::IMUnreadMsgCntReq request;
  request.set_user_id(me_.user_id);
  unread_at_login_.reset();
  ask<IM::Message::IMUnreadMsgCntRsp>(cid::msg_unread_cnt_request, request, "unread counts",
                                      [this](const auto& answer) {
                                        unread_at_login_ = answer;
                                        std::vector<std::uint32_t> nameless;
                                        for (const auto& each : answer.unreadinfo_list()) {
                                          const peer who = peer_of(each.session_type(), each.session_id());
                                          if (who.group && !directory_.knows(who)) nameless.push_back(who.id);
                                        }
                                        ask_group_names(nameless);
                                      });
}

void chat::welcome() {
  welcoming_ = false;
  if (!welcomed_) show_people();
  if (unread_at_login_) {
    for (const auto& each : unread_at_login_->unreadinfo_list()) {
      const peer who = peer_of(each.session_type(), each.session_id());
      conversation& known = conversations_[who];
      if (again_ && each.latest_msg_id() > known.highest() && who != open_) {
        const std::uint32_t unread_from = each.latest_msg_id() - std::min(each.latest_msg_id(), each.unread_cnt());
        pull_missed(who, std::max(known.highest(), unread_from));
      }
      if (!again_) known.know_up_to(each.latest_msg_id());
    }
    if (const std::string line = unread_line(*unread_at_login_, open_); !line.empty()) view_.notice(line);
  }
  if (again_ && open_) pull_missed(*open_, conversations_[*open_].highest());
  welcomed_ = true;
}

void chat::pull_missed(peer who, std::uint32_t above) {
  pull_page(who, above, 0, {});
}

void chat::pull_page(peer who, std::uint32_t above, std::uint32_t begin, std::vector<IM::BaseDefine::MsgInfo> newer) {
  IM::Message::IMGetMsgListReq request;
  request.set_user_id(me_.user_id);
  request.set_session_type(who.type());
  request.set_session_id(who.id);
  request.set_msg_id_begin(begin);
  request.set_msg_cnt(page);
  ask<IM::Message::IMGetMsgListRsp>(
      cid::msg_list_request, request, "what was missed", [this, who, above, newer](const auto& answer) {
        std::vector<IM::BaseDefine::MsgInfo> all = newer;
        std::uint32_t oldest = 0;
        for (const auto& each : answer.msg_list()) {
          oldest = each.msg_id();
          if (oldest > above) all.push_back(each);
        }
        const bool more = answer.msg_list_size() == static_cast<int>(page) && oldest > above + 1;
        if (more && all.size() < most_pulled) return pull_page(who, above, oldest - 1, std::move(all));
        if (more) view_.notice("there is more from " + directory_.name(who) + "; see /history");
        std::uint32_t newest = 0;
        for (auto each = all.rbegin(); each != all.rend(); ++each) {
          show(who, *each);
          newest = each->msg_id();
        }
        if (who == open_ && newest > 0) read_up_to(who, newest);
      });
}

std::string chat::unread_line(const IM::Message::IMUnreadMsgCntRsp& counts, std::optional<peer> but) const {
  std::string line;
  for (const auto& each : counts.unreadinfo_list()) {
    const peer who = peer_of(each.session_type(), each.session_id());
    if (who == but) continue;
    line += line.empty() ? "unread: " : ", ";
    line += directory_.name(who) + " " + std::to_string(each.unread_cnt());
  }
  return line;
}

}  // namespace parley::chat
