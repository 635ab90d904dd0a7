#include <algorithm>
#include <functional>
#include <parley/commands.hpp>

#include "chat/chat.hpp"
#include "client/printable.hpp"

namespace parley::chat {
namespace {

constexpr std::uint32_t page = 50;
constexpr std::size_t most_pulled = 500;

/// Told before: the same one, of the same time.
template <class Item, class Key>
bool met(const std::vector<Item>& before, const Item& item, Key key) {
  return std::ranges::any_of(before, [&](const Item& each) {
    return std::invoke(key, each) == std::invoke(key, item) && each.created() == item.created();
  });
}

}  // namespace

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
                                        with_group_infos(nameless, {});
                                      });
}

void chat::welcome() {
  welcoming_ = false;
  if (!welcomed_) show_people();
  for (const auto& each : friend_requests_) {
    if (!met(requests_met_, each, &friends::IMPendingFriend::user_id)) tell_friend_request(each);
  }
  for (const auto& each : invitations_) {
    if (!met(invitations_met_, each, &parley::group::Invitation::group_id)) tell_invitation(each);
  }
  for (auto& [number, file] : files_.all()) {
    if (!file.mine && file.at == shared_file::stage::waiting && !std::exchange(file.told, true)) tell_file_offer(file);
  }
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
