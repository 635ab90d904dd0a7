#pragma once

#include <cstdint>
#include <functional>
#include <string_view>

#include "client/endpoint.hpp"
#include "client/event_loop.hpp"
#include "client/pdu.hpp"

namespace parley::client {

class connection_state;

/// One TCP connection that speaks PDUs. What is sent within one turn of the loop leaves in one write. While it is open
/// it sends a heartbeat when nothing else was sent for 30 s, and gives up when nothing was received for 75 s. The
/// connection may be destroyed at any time, also from its own handlers. [thread of the loop]
class connection {
 public:
  struct handlers {
    std::function<void()> opened;
    /// Every PDU but the answers to our heartbeats; valid during the call.
    std::function<void(const pdu&)> received;
    /// Once, also when the connection could not be made; not after close(). The text is for people.
    std::function<void(std::string_view reason)> closed;
  };

  connection(event_loop& loop, handlers on);
  ~connection();
  connection(const connection&) = delete;
  connection& operator=(const connection&) = delete;

  /// Once per object. Ends in opened or closed.
  void connect(const endpoint& to);

  /// Does nothing unless the connection is open.
  void send(std::uint16_t command_id, std::uint16_t seq_num, const google::protobuf::MessageLite& body);
  void send(std::uint16_t command_id, std::uint16_t seq_num, std::string_view body);

  /// Bytes as they are: for tests of what a server must refuse.
  void send_raw(std::string_view bytes);

  /// Sends what the kernel takes at once, then closes without calling `closed`.
  void close();

  bool open() const;

  /// Bytes that the kernel has not taken yet.
  std::size_t unsent() const;

 private:
  connection_state* state_;  ///< deletes itself when libuv has let go of it
};

}  // namespace parley::client
