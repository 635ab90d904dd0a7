#include "client/blocking_client.hpp"

#include <algorithm>
#include <parley/commands.hpp>

#include "IM.Message.pb.h"

namespace parley::client {

blocking_client::blocking_client() = default;
blocking_client::~blocking_client() {
  close();
}

void blocking_client::close() {
  session_.reset();
  over_ = error{failure::closed, "closed by this side"};
}

error blocking_client::ended() const {
  return over_.value_or(error{failure::closed, "not connected"});
}

result<> blocking_client::begin(const endpoint& to, std::optional<credentials> who, std::uint64_t timeout_ms) {
  inbox_.clear();
  over_.reset();
  session_ = std::make_unique<session>(loop_, session::handlers{{},
                                                                [this](const pdu& next) { inbox_.emplace_back(next); },
                                                                [this](const error& why) { over_ = why; }});
  session_->start(to, std::move(who), timeout_ms);
  loop_.run_until([&] { return over_ || session_->ready(); }, timeout_ms + 1000);
  if (!over_ && session_->ready()) return done{};
  return ended();
}

result<> blocking_client::connect(const endpoint& to, std::uint64_t timeout_ms) {
  return begin(to, std::nullopt, timeout_ms);
}

result<identity> blocking_client::login(const endpoint& to, credentials who, std::uint64_t timeout_ms) {
  if (const auto begun = begin(to, std::move(who), timeout_ms); !begun) return begun.why();
  me_ = session_->me();
  return me_;
}

result<owned_pdu> blocking_client::request(std::uint16_t command_id, const google::protobuf::MessageLite& body,
                                           std::uint64_t timeout_ms) {
  if (over_ || !session_) return ended();
  std::optional<result<owned_pdu>> got;
  session_->request(command_id, body, timeout_ms, [&](result<pdu> answer) {
    if (answer) {
      got.emplace(owned_pdu(*answer));
    } else {
      got.emplace(answer.why());
    }
  });
  loop_.run_until([&] { return got.has_value(); }, timeout_ms + 1000);
  return got ? *got : error{failure::timeout, "no answer"};
}

result<sent> blocking_client::send_text(std::uint32_t to, std::string_view text, const send_mode& how) {
  const auto sealed = codec_.encrypt(text);
  if (!sealed) return error{failure::malformed, "an empty text cannot be encrypted"};
  const auto type = how.to_group ? IM::BaseDefine::MSG_TYPE_GROUP_TEXT : IM::BaseDefine::MSG_TYPE_SINGLE_TEXT;
  return send_data(to, type, *sealed, how);
}

result<sent> blocking_client::send_data(std::uint32_t to, IM::BaseDefine::MsgType type, std::string_view data,
                                        const send_mode& how) {
  IM::Message::IMMsgData message;
  message.set_from_user_id(me_.user_id);
  message.set_to_session_id(to);
  message.set_msg_id(0);
  message.set_create_time(0);
  message.set_msg_type(type);
  message.set_msg_data(data.data(), data.size());
  if (!how.client_msg_id.empty()) message.set_client_msg_id(how.client_msg_id);
  const auto ack = ask<IM::Message::IMMsgDataAck>(cid::msg_data, message, how.timeout_ms);
  if (!ack) return ack.why();
  return sent{ack->msg_id(), ack->duplicate(), ack->client_msg_id()};
}

result<owned_pdu> blocking_client::wait_for(std::uint16_t command_id, std::uint64_t timeout_ms) {
  const auto find = [&] {
    return std::ranges::find_if(inbox_, [&](const owned_pdu& p) { return p.head.command_id == command_id; });
  };
  loop_.run_until([&] { return over_ || find() != inbox_.end(); }, timeout_ms);
  const auto found = find();
  if (found == inbox_.end()) return over_ ? *over_ : error{failure::timeout, "nothing came"};
  owned_pdu taken = std::move(*found);
  inbox_.erase(found);
  return taken;
}

void blocking_client::tell(std::uint16_t command_id, const google::protobuf::MessageLite& body) {
  if (over_ || !session_) return;
  session_->tell(command_id, body);
  loop_.turn();
}

void blocking_client::send_raw(std::string_view bytes) {
  if (over_ || !session_) return;
  session_->line().send_raw(bytes);
  loop_.run_until([&] { return over_ || session_->line().unsent() == 0; }, patience_ms);
}

void blocking_client::idle(std::uint64_t for_ms) {
  loop_.run_until([] { return false; }, for_ms);
}

bool blocking_client::closed_within(std::uint64_t timeout_ms) {
  loop_.run_until([&] { return over_.has_value(); }, timeout_ms);
  return over_.has_value();
}

}  // namespace parley::client
