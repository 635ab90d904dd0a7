#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace parley::client {

/// A client's side of WebSocket (RFC 6455) over bytes: PDUs in binary messages, one each. No extension is asked for.
class websocket {
 public:
  /// What to send first.
  std::string request(const std::string& host, const std::string& path);

  enum class outcome {
    more,
    opened,   ///< once: the server speaks WebSocket
    closed,   ///< it has said goodbye
    refused,  ///< it does not speak it, or not well
  };
  /// Appends what messages hold to `pdus`, and to `control` what has to be sent in answer to pings.
  outcome receive(std::string_view chunk, std::string& pdus, std::string& control);

  /// `pdus` as masked messages.
  std::string wrap(std::string_view pdus);

 private:
  outcome read_frames(std::string& pdus, std::string& control);
  void add_frame(std::string& out, int opcode, std::string_view payload);

  std::string unread_;
  std::string accept_;  // what the server has to answer
  std::uint32_t mask_ = 0;
  bool open_ = false;
};

}  // namespace parley::client
