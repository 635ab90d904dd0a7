// A client of the host under test, played by the test.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "pdu.hpp"

namespace parley::testing {

struct world;

/// A handle: copies are the same session. Valid as long as its core. Functions that look first let everything happen
/// that can happen without time passing (core::settle).
class session {
 public:
  /// Makes it a terminal of that user, as a login plugin would. Throws when it is logged in or closed.
  void login(std::uint64_t user, std::uint32_t tag = 1, std::uint32_t level = 1);

  /// Returns the seq it goes under: 1, 2, 3 ...
  std::uint16_t send(std::uint16_t command, std::string_view body);
  template <message Message>
  std::uint16_t send(std::uint16_t command, const Message& body) {
    return send(command, std::string_view(body.SerializeAsString()));
  }
  /// Bytes that need not be a PDU.
  void send_raw(std::string_view bytes);

  /// The oldest PDU received, which has to be this command's.
  pdu expect(std::uint16_t command);
  template <class Message>
  Message expect(std::uint16_t command) {
    return expect(command).template as<Message>();
  }
  /// The oldest PDU received, which has to be the host's refusal.
  refusal expect_refusal();
  /// Nothing was received that has not been taken.
  void expect_nothing();
  /// The host has closed it; `reason` as in its metrics ("idle", "command before login" ...), any when empty.
  void expect_closed(std::string_view reason = {});

  /// Sends and takes the one answer, under the same seq.
  template <class Reply, message Message>
  Reply ask(std::uint16_t command, const Message& body, std::uint16_t reply_command) {
    const auto seq = send(command, body);
    const auto answer = expect(reply_command);
    if (answer.seq != seq)
      throw failure("the answer has seq " + std::to_string(answer.seq) + ", the request had " + std::to_string(seq));
    return answer.template as<Reply>();
  }

  /// Whether the host still has it.
  bool open();
  /// The client hangs up.
  void close();
  /// The host's id of it.
  std::uint64_t id() const;

 private:
  friend class core;
  session(world& w, std::size_t number) : world_(&w), number_(number) {}
  world* world_;
  std::size_t number_;
};

}  // namespace parley::testing
