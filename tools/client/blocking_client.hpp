#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <string_view>

#include "client/content.hpp"
#include "client/session.hpp"

namespace parley::client {

inline constexpr std::uint64_t patience_ms = 5000;

/// What the ack of a message says.
struct sent {
  std::uint32_t msg_id = 0;
  bool duplicate = false;
  std::string client_msg_id;
};

/// How a message is sent; the defaults are a message to a user from a TeamTalk client.
struct send_mode {
  std::string client_msg_id;
  bool to_group = false;
  std::uint64_t timeout_ms = patience_ms;
};

/// A client for tests: every call waits, and turns a loop of its own while it does. PDUs sent unasked are kept until
/// asked for. After an error of kind `closed` or `connect` only connect() and login() work. [one thread]
class blocking_client {
 public:
  blocking_client();
  ~blocking_client();

  /// Without login, for what may be said before it.
  result<> connect(const endpoint& to, std::uint64_t timeout_ms = patience_ms);
  result<identity> login(const endpoint& to, credentials who, std::uint64_t timeout_ms = patience_ms);

  /// Encrypts, sends, waits for the ack.
  result<sent> send_text(std::uint32_t to, std::string_view text, const send_mode& how = {});

  /// Sends `data` as it is under any type, waits for the ack.
  result<sent> send_data(std::uint32_t to, IM::BaseDefine::MsgType type, std::string_view data,
                         const send_mode& how = {});

  /// Waits for the PDU that carries the request's seq. A 0x0901 is an error of kind refused.
  result<owned_pdu> request(std::uint16_t command_id, const google::protobuf::MessageLite& body,
                            std::uint64_t timeout_ms = patience_ms);

  /// request() with a parsed answer.
  template <class Answer>
  result<Answer> ask(std::uint16_t command_id, const google::protobuf::MessageLite& body,
                     std::uint64_t timeout_ms = patience_ms) {
    const auto got = request(command_id, body, timeout_ms);
    if (!got) return got.why();
    return parse<Answer>(*got);
  }

  /// The oldest kept PDU of that command; waits for one when there is none.
  result<owned_pdu> wait_for(std::uint16_t command_id, std::uint64_t timeout_ms = patience_ms);

  template <class Body>
  result<Body> expect(std::uint16_t command_id, std::uint64_t timeout_ms = patience_ms) {
    const auto got = wait_for(command_id, timeout_ms);
    if (!got) return got.why();
    return parse<Body>(*got);
  }

  /// Sends without waiting for anything but the kernel.
  void tell(std::uint16_t command_id, const google::protobuf::MessageLite& body);
  void send_raw(std::string_view bytes);

  /// Takes in what arrives during that time.
  void idle(std::uint64_t for_ms);

  /// True once the server has closed the connection; waits for it.
  bool closed_within(std::uint64_t timeout_ms);

  void close();

  const identity& me() const { return me_; }
  std::deque<owned_pdu>& inbox() { return inbox_; }
  content_codec& codec() { return codec_; }

 private:
  template <class Body>
  static result<Body> parse(const owned_pdu& from) {
    Body body;
    if (!from.read(body)) return error{failure::malformed, "the body of the answer does not parse"};
    return body;
  }

  result<> begin(const endpoint& to, std::optional<credentials> who, std::uint64_t timeout_ms);
  error ended() const;

  event_loop loop_;
  content_codec codec_;
  identity me_;
  std::deque<owned_pdu> inbox_;
  std::optional<error> over_;
  std::unique_ptr<session> session_;
};

}  // namespace parley::client
