#include "support/chat_client.hpp"

#include <parley/commands.hpp>

#include "client/digest.hpp"

namespace parley::test {

std::optional<IM::Login::IMLoginRes> chat_client::try_log_in(std::uint16_t port, const std::string& user,
                                                             const login_as& how) {
  wire_ = {};
  if (how.websocket) {
    if (!wire_.connect_websocket(port, how.trust)) throw failure("no WebSocket");
  } else {
    wire_.connect(port, how.receive_buffer);
  }
  if (how.trust && !how.websocket && !wire_.socket().secure(how.trust))
    throw failure("TLS: " + wire_.socket().tls()->reason());
  IM::Login::IMLoginReq request;
  request.set_user_name(user);
  request.set_password(client::md5_hex(how.password.empty() ? password_of(user) : how.password));
  request.set_online_status(IM::BaseDefine::USER_STATUS_ONLINE);
  request.set_client_type(how.type);
  request.set_client_version("test");
  if (how.level > 0) request.set_extension_level(how.level);
  const auto seq = next_seq();
  wire_.send(cid::login_req_userlogin, seq, request.SerializeAsString());
  const auto got = wire_.answer(cid::login_res_userlogin, seq);
  if (!got) return std::nullopt;
  auto answer = read<IM::Login::IMLoginRes>(*got);
  if (answer.result_code() == IM::BaseDefine::REFUSE_REASON_NONE) id_ = answer.user_info().user_id();
  return answer;
}

void chat_client::log_in(std::uint16_t port, const std::string& user, const login_as& how) {
  const auto answer = try_log_in(port, user, how);
  if (!answer) throw failure("no answer to the login of " + user);
  if (answer->result_code() != IM::BaseDefine::REFUSE_REASON_NONE) {
    throw failure("login of " + user + " refused with " + std::to_string(answer->result_code()) + " " +
                  answer->result_string());
  }
}

std::uint16_t chat_client::send_text(std::uint32_t to, std::string_view text, const std::string& client_msg_id) {
  IM::Message::IMMsgData message;
  message.set_from_user_id(id_);
  message.set_to_session_id(to);
  message.set_msg_id(0);
  message.set_create_time(0);
  message.set_msg_type(IM::BaseDefine::MSG_TYPE_SINGLE_TEXT);
  message.set_msg_data(codec_.encrypt(text).value_or(""));
  if (!client_msg_id.empty()) message.set_client_msg_id(client_msg_id);
  const auto seq = next_seq();
  wire_.send(cid::msg_data, seq, message.SerializeAsString());
  return seq;
}

std::optional<verdict> chat_client::read_verdict(const wire_pdu& pdu) {
  verdict out;
  if (pdu.command == cid::msg_data_ack) {
    const auto ack = read<IM::Message::IMMsgDataAck>(pdu);
    out = {verdict::kind::acked, ack.msg_id(), ack.duplicate(), 0};
  } else if (pdu.command == cid::host_refused) {
    out = {verdict::kind::refused, 0, false, read<host::IMRefused>(pdu).code()};
  } else {
    return std::nullopt;
  }
  return out;
}

verdict chat_client::say(std::uint32_t to, std::string_view text, const std::string& client_msg_id, milliseconds time) {
  const auto seq = send_text(to, text, client_msg_id);
  const auto deadline = steady::now() + patience(time);
  std::deque<wire_pdu> others;
  verdict out;
  while (steady::now() < deadline) {
    const auto got = wire_.next(std::chrono::ceil<milliseconds>(deadline - steady::now()));
    if (!got) break;
    if (const auto about = got->seq == seq ? read_verdict(*got) : std::nullopt) {
      out = *about;
      break;
    }
    others.push_back(*got);
  }
  wire_.inbox().insert(wire_.inbox().begin(), others.begin(), others.end());
  return out;
}

IM::Message::IMGetMsgListRsp chat_client::history(std::uint32_t peer, std::uint32_t begin, std::uint32_t count) {
  IM::Message::IMGetMsgListReq request;
  request.set_user_id(id_);
  request.set_session_type(IM::BaseDefine::SESSION_TYPE_SINGLE);
  request.set_session_id(peer);
  request.set_msg_id_begin(begin);
  request.set_msg_cnt(count);
  return ask<IM::Message::IMGetMsgListRsp>(cid::msg_list_request, request);
}

std::uint32_t chat_client::latest(std::uint32_t peer) {
  IM::Message::IMGetLatestMsgIdReq request;
  request.set_user_id(id_);
  request.set_session_type(IM::BaseDefine::SESSION_TYPE_SINGLE);
  request.set_session_id(peer);
  return ask<IM::Message::IMGetLatestMsgIdRsp>(cid::msg_get_latest_msg_id_req, request).latest_msg_id();
}

}  // namespace parley::test
