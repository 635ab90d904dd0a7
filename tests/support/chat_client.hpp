// A client that logs in and talks, for tests that are about more than bytes.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "IM.BaseDefine.pb.h"
#include "IM.Buddy.pb.h"
#include "IM.Login.pb.h"
#include "IM.Message.pb.h"
#include "Parley.Host.pb.h"
#include "client/content.hpp"
#include "support/wire_client.hpp"

namespace parley::test {

/// The password that tests give a user.
inline std::string password_of(std::string_view user) {
  return std::string(user) + "-secret";
}

/// Throws failure when it does not parse.
template <class Message>
Message read(const wire_pdu& pdu) {
  Message out;
  if (!out.ParsePartialFromString(pdu.body) || !out.IsInitialized()) {
    throw failure("a body of command " + std::to_string(pdu.command) + " that does not parse");
  }
  return out;
}

struct login_as {
  IM::BaseDefine::ClientType type = IM::BaseDefine::CLIENT_TYPE_WINDOWS;
  std::uint32_t level = 1;
  std::string password;                                ///< plain; empty = password_of(user)
  int receive_buffer = 0;                              ///< 0 = the kernel's
  std::shared_ptr<const tls::client_context> trust{};  ///< null without TLS
  bool websocket = false;                              ///< then the port is an http listener's
};

/// What became of a message.
struct verdict {
  enum class kind { acked, refused, silence } what = kind::silence;
  std::uint32_t msg_id = 0;
  bool duplicate = false;
  std::uint32_t code = 0;  ///< refused
  bool acked() const { return what == kind::acked; }
};

class chat_client {
 public:
  /// Throws failure unless the server says yes.
  void log_in(std::uint16_t port, const std::string& user, const login_as& how = {});
  /// Whatever the server answers; nothing when it closes or says nothing.
  std::optional<IM::Login::IMLoginRes> try_log_in(std::uint16_t port, const std::string& user,
                                                  const login_as& how = {});

  /// Sends a text under `client_msg_id` (empty = none) and waits for its end.
  verdict say(std::uint32_t to, std::string_view text, const std::string& client_msg_id = {},
              milliseconds time = answer_time);
  /// Sends without waiting; the seq used.
  std::uint16_t send_text(std::uint32_t to, std::string_view text, const std::string& client_msg_id = {});
  /// What a PDU says about the message sent under `seq`; nothing when it is about something else.
  static std::optional<verdict> read_verdict(const wire_pdu& pdu);

  /// Newest first, walking back from `begin` (0 = newest).
  IM::Message::IMGetMsgListRsp history(std::uint32_t peer, std::uint32_t begin = 0, std::uint32_t count = 100);
  std::uint32_t latest(std::uint32_t peer);

  /// Throws failure when there is no answer.
  template <class Answer, class Request>
  Answer ask(std::uint16_t command, const Request& request, milliseconds time = answer_time) {
    const auto seq = next_seq();
    wire_.send(command, seq, request.SerializePartialAsString());
    const auto got = wire_.answer(command + 1, seq, time);
    if (!got) throw failure("no answer to command " + std::to_string(command));
    return read<Answer>(*got);
  }
  template <class Message>
  void tell(std::uint16_t command, const Message& message) {
    wire_.send(command, next_seq(), message.SerializePartialAsString());
  }

  std::string decrypt(std::string_view content) { return codec_.decrypt(content).value_or("<not decryptable>"); }
  std::uint32_t id() const { return id_; }
  wire_client& wire() { return wire_; }

 private:
  std::uint16_t next_seq() { return seq_ = static_cast<std::uint16_t>(seq_ % 30000 + 1); }

  wire_client wire_;
  client::content_codec codec_;
  std::uint32_t id_ = 0;
  std::uint16_t seq_ = 0;
};

}  // namespace parley::test
