#include <algorithm>
#include <charconv>
#include <parley/commands.hpp>

#include "chat/chat.hpp"

namespace parley::chat {
namespace {

constexpr std::uint32_t history_default = 20;
constexpr std::uint32_t history_at_opening = 10;
constexpr std::uint32_t history_most = 100;

}  // namespace

bool chat::to(words& given) {
  const std::string name = given.rest();
  if (name.empty()) return false;
  if (name.starts_with('#')) {
    with_group(name, [this](std::uint32_t id) { open({true, id}); });
  } else {
    with_person(name, [this](std::uint32_t id) { open({false, id}); });
  }
  return true;
}

void chat::open(peer with) {
  if (with == peer{false, me_.user_id}) return view_.trouble("that is you");
  open_ = with;
  show_history(with, history_at_opening);
  refresh_prompt();
}

void chat::close_if_open(peer with) {
  if (open_ != with) return;
  open_.reset();
  refresh_prompt();
}

bool chat::history(words& given) {
  const std::string typed = given.take();
  std::uint32_t count = history_default;
  const auto [end, failed] = std::from_chars(typed.data(), typed.data() + typed.size(), count);
  const bool number = failed == std::errc() && end == typed.data() + typed.size();
  if (!given.empty() || (!typed.empty() && !number)) return false;
  if (!open_) {
    view_.trouble("no chat is open; /to NAME opens one");
  } else {
    show_history(*open_, std::clamp(count, 1u, history_most));
  }
  return true;
}

void chat::show_history(peer with, std::uint32_t count) {
  IM::Message::IMGetMsgListReq request;
  request.set_user_id(me_.user_id);
  request.set_session_type(with.type());
  request.set_session_id(with.id);
  request.set_msg_id_begin(0);
  request.set_msg_cnt(count);
  ask<IM::Message::IMGetMsgListRsp>(cid::msg_list_request, request, "history", [this, with](const auto& answer) {
    const int size = answer.msg_list_size();
    const std::string where = (with.group ? " in " : " with ") + directory_.name(with);
    if (size == 0) return view_.title("no messages" + where + " yet");
    view_.title("last " + std::to_string(size) + where);
    for (int i = size; i-- > 0;) {
      const auto& each = answer.msg_list(i);
      conversations_[with].see(each.msg_id());
      view_.message(each.create_time(), place(with), phrases_.who(each.from_session_id()),
                    readable(each.msg_type(), each.msg_data()), each.from_session_id() == me_.user_id);
      if (auto* const pending = outbox_.find(each.client_msg_id())) acknowledge(*pending, each.msg_id(), true);
    }
    if (with == open_) read_up_to(with, answer.msg_list(0).msg_id());
  });
}

bool chat::unread(words& given) {
  if (!given.empty()) return false;
  IM::Message::IMUnreadMsgCntReq request;
  request.set_user_id(me_.user_id);
  ask<IM::Message::IMUnreadMsgCntRsp>(cid::msg_unread_cnt_request, request, "unread counts",
                                      [this](const auto& answer) {
                                        const std::string line = unread_line(answer, std::nullopt);
                                        view_.notice(line.empty() ? "nothing is unread" : line);
                                      });
  return true;
}

bool chat::recent(words& given) {
  if (!given.empty()) return false;
  constexpr std::size_t preview = 60;
  IM::Buddy::IMRecentContactSessionReq request;
  request.set_user_id(me_.user_id);
  request.set_latest_update_time(0);
  ask<IM::Buddy::IMRecentContactSessionRsp>(
      cid::buddy_list_recent_contact_session_request, request, "recent conversations", [this](const auto& answer) {
        if (answer.contact_session_list().empty()) view_.notice("no conversations yet");
        for (const auto& each : answer.contact_session_list()) {
          const peer with = peer_of(each.session_type(), each.session_id());
          const std::string author = with.group ? phrases_.who(each.latest_msg_from_user_id()) + ": " : "";
          const std::string text = readable(each.latest_msg_type(), each.latest_msg_data());
          view_.plain(view_.dim(view::clock(each.updated_time())) + " " + view_.bold(directory_.name(with)) + "  " +
                      author + client::shortened(text, preview));
        }
      });
  return true;
}

}  // namespace parley::chat
