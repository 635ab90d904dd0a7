#include <parley/commands.hpp>

#include "chat/chat.hpp"

namespace parley::chat {

void chat::pushed(const client::pdu& next) {
  const auto read = [&]<class Body>(void (chat::*take)(const Body&)) {
    Body body;
    if (next.read(body)) (this->*take)(body);
  };
  switch (next.head.command_id) {
    case cid::msg_data:
      return read(&chat::message);
    case cid::msg_data_ack:
      return read(&chat::late_ack);
    case cid::buddy_list_status_notify:
      return read(&chat::presence_news);
    case cid::buddy_list_all_user_response:
      return read(&chat::more_people);
    case cid::group_change_member_notify:
      return read(&chat::members_changed);
    case cid::group_profile_notify:
      return read(&chat::profile_changed);
    case cid::group_owner_notify:
      return read(&chat::owner_changed);
    case cid::group_dissolved_notify:
      return read(&chat::dissolved);
    case cid::group_invitation_notify:
      return read(&chat::invited);
    case cid::friends_asked_notify:
      return read(&chat::friend_asked);
    case cid::friends_answered_notify:
      return read(&chat::friend_answered);
    case cid::friends_changed_notify:
      return read(&chat::friends_changed);
    case cid::file_notify:
      return read(&chat::file_offered);
    default:
      return;
  }
}

void chat::message(const IM::Message::IMMsgData& data) {
  const bool own = data.from_user_id() == me_.user_id;
  const bool group = (data.msg_type() & 0x10) != 0;
  const peer who{group, group || own ? data.to_session_id() : data.from_user_id()};

  IM::Message::IMMsgDataAck ack;
  ack.set_user_id(me_.user_id);
  ack.set_session_id(data.from_user_id());
  ack.set_msg_id(data.msg_id());
  ack.set_session_type(who.type());
  link_.session().tell(cid::msg_data_ack, ack);

  if (group && !directory_.knows(who)) with_group_infos({who.id}, {});
  with_profiles({data.from_user_id()}, {});
  IM::BaseDefine::MsgInfo info;
  info.set_msg_id(data.msg_id());
  info.set_from_session_id(data.from_user_id());
  info.set_create_time(data.create_time());
  info.set_msg_type(data.msg_type());
  info.set_msg_data(data.msg_data());
  info.set_client_msg_id(data.client_msg_id());
  show(who, info);
  if (!own && who == open_) read_up_to(who, data.msg_id());
}

void chat::show(peer who, const IM::BaseDefine::MsgInfo& each) {
  const bool own = each.from_session_id() == me_.user_id;
  if (own) {
    if (auto* const pending = outbox_.find(each.client_msg_id())) {
      acknowledge(*pending, each.msg_id(), true);
      refresh_prompt();
      return pump();
    }
  }
  if (!conversations_[who].see(each.msg_id())) return;
  view_.message(each.create_time(), place(who), phrases_.who(each.from_session_id()),
                readable(each.msg_type(), each.msg_data()), own);
}

/// A message's content as one printable line: text is decrypted, audio and pictures are named.
std::string chat::readable(std::uint32_t msg_type, std::string_view msg_data) {
  const bool audio =
      msg_type == IM::BaseDefine::MSG_TYPE_SINGLE_AUDIO || msg_type == IM::BaseDefine::MSG_TYPE_GROUP_AUDIO;
  if (!audio) {
    const auto text = codec_.decrypt(msg_data);
    return text ? client::printable(pictures_.named(*text)) : "[text that cannot be read]";
  }
  std::uint32_t seconds = 0;
  for (std::size_t i = 0; i < 4 && i < msg_data.size(); ++i) {
    seconds = seconds << 8 | static_cast<unsigned char>(msg_data[i]);
  }
  return "[voice message, " + std::to_string(seconds) + " s]";
}

void chat::late_ack(const IM::Message::IMMsgDataAck& ack) {
  if (auto* const pending = outbox_.find(ack.client_msg_id())) acknowledge(*pending, ack.msg_id(), ack.duplicate());
  refresh_prompt();
  pump();
}

void chat::read_up_to(peer who, std::uint32_t msg_id) {
  IM::Message::IMMsgDataReadAck ack;
  ack.set_user_id(me_.user_id);
  ack.set_session_id(who.id);
  ack.set_msg_id(msg_id);
  ack.set_session_type(who.type());
  if (link_.online()) link_.session().tell(cid::msg_read_ack, ack);
}

std::string chat::place(peer who) const {
  if (who == open_) return "";
  return who.group ? directory_.name(who) : "[" + directory_.name(who) + "]";
}

}  // namespace parley::chat
