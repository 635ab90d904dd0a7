// What a scripted session and a call receive.
#pragma once

#include <cstdint>
#include <string>

#include "failure.hpp"

namespace parley::testing {

/// A protobuf message.
template <class T>
concept message = requires(const T& m) {
  m.SerializeAsString();
};

struct pdu {
  std::uint16_t command = 0;
  std::uint16_t seq = 0;  // of the request for a reply, 0 for a push
  std::string body;

  /// Throws failure when the body is no whole Message.
  template <class Message>
  Message as() const {
    Message message;
    if (!message.ParseFromString(body))
      throw failure("a body of " + std::to_string(body.size()) + " bytes does not parse");
    return message;
  }
};

/// The host's `refused` PDU, 0x0901, as sessions of level 1 and higher get it.
struct refusal {
  std::uint16_t command = 0;  // which was refused
  std::uint16_t seq = 0;
  std::uint32_t code = 0;  // 1 to 10 of parley_status
  std::string text;
  std::uint32_t retry_after_ms = 0;
};

}  // namespace parley::testing
