#include <algorithm>
#include <ctime>
#include <parley/commands.hpp>

#include "Parley.Host.pb.h"
#include "chat/chat.hpp"
#include "client/digest.hpp"
#include "client/printable.hpp"

namespace parley::chat {
namespace {

constexpr std::uint64_t ack_patience_ms = 6000;  // as long as TeamTalk's clients wait
constexpr std::uint32_t default_retry_ms = 1000;
constexpr int most_retries = 5;
constexpr std::size_t quoted = 40;

std::string quote(const outbox::item& item) {
  return "\"" + client::shortened(client::printable(item.text), quoted) + "\"";
}

}  // namespace

void chat::say(const std::string& text) {
  if (!open_) return view_.trouble("no chat is open; /to NAME opens one");
  say_to(*open_, text);
}

void chat::say_to(peer to, const std::string& text) {
  if (text.size() > client::max_text_bytes) {
    return view_.trouble("too long: " + std::to_string(text.size()) + " bytes, at most " +
                         std::to_string(client::max_text_bytes));
  }
  const auto sealed = codec_.encrypt(text);
  if (!sealed) return;
  outbox::item& item = outbox_.add(to, text, *sealed, client::new_client_msg_id());
  if (link_.online()) {
    transmit(item);
  } else {
    view_.notice("not connected; " + quote(item) + " will be sent then");
  }
  refresh_prompt();
}

void chat::transmit(outbox::item& item) {
  IM::Message::IMMsgData message;
  message.set_from_user_id(me_.user_id);
  message.set_to_session_id(item.to.id);
  message.set_msg_id(0);
  message.set_create_time(static_cast<std::uint32_t>(std::time(nullptr)));
  message.set_msg_type(item.to.group ? IM::BaseDefine::MSG_TYPE_GROUP_TEXT : IM::BaseDefine::MSG_TYPE_SINGLE_TEXT);
  message.set_msg_data(item.sealed);
  message.set_client_msg_id(item.client_msg_id);
  item.at = outbox::stage::waiting;
  item.attempted = true;
  link_.session().request(
      cid::msg_data, message, ack_patience_ms,
      [this, id = item.client_msg_id](const client::result<client::pdu>& answer) { answered(id, answer); });
}

void chat::send_unsent(bool may_repeat) {
  for (outbox::item& item : outbox_.items()) {
    if (item.at != outbox::stage::unsent) continue;
    if (item.attempted && !may_repeat) {
      item.at = outbox::stage::overdue;
      view_.trouble("it is not known whether " + quote(item) + " arrived; /resend sends it, perhaps twice");
    } else {
      transmit(item);
    }
  }
}

void chat::answered(const std::string& client_msg_id, const client::result<client::pdu>& answer) {
  outbox::item* const item = outbox_.find(client_msg_id);
  if (item) {
    IM::Message::IMMsgDataAck ack;
    if (answer && answer->read(ack)) {
      acknowledge(*item, ack.msg_id(), ack.duplicate());
    } else if (!answer && answer.why().what == client::failure::refused) {
      refused(*item, answer.why());
    } else if (!answer && answer.why().what == client::failure::closed) {
      item->at = outbox::stage::unsent;
    } else {
      item->at = outbox::stage::overdue;
      view_.trouble("no answer to " + quote(*item) + "; /resend tries again");
    }
  }
  refresh_prompt();
  pump();
}

void chat::refused(outbox::item& item, const client::error& why) {
  const std::string reason = client::printable(why.text);
  const bool passing = why.code == host::REFUSAL_TOO_FAST || why.code == host::REFUSAL_BUSY;
  if (!passing || item.retries == most_retries) {
    item.at = outbox::stage::refused;
    return view_.trouble("not sent: " + reason + ": " + quote(item) + "; /resend tries again");
  }
  ++item.retries;
  item.at = outbox::stage::unsent;
  const std::uint32_t after_ms = why.retry_after_ms > 0 ? why.retry_after_ms : default_retry_ms;
  view_.notice(reason + ": " + quote(item) + " goes out again in " + std::to_string(after_ms) + " ms");
  retry_.once(after_ms, [this] {
    if (link_.online()) send_unsent(true);
  });
}

void chat::acknowledge(outbox::item& item, std::uint32_t msg_id, bool duplicate) {
  const outbox::item done = item;
  outbox_.settle(done.client_msg_id);
  conversations_[done.to].see(msg_id);
  view_.delivered(place(done.to), pictures_.named(done.text), msg_id, duplicate);
}

void chat::send_again() {
  if (!link_.online()) return view_.trouble("not connected; it is sent by itself later");
  std::size_t count = 0;
  for (outbox::item& item : outbox_.items()) {
    if (item.at != outbox::stage::overdue && item.at != outbox::stage::refused) continue;
    item.retries = 0;
    transmit(item);
    ++count;
  }
  view_.notice(count == 0 ? "nothing to send again" : "sending " + std::to_string(count) + " again");
  refresh_prompt();
}

}  // namespace parley::chat
