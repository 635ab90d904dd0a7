// One client of the control socket. Owned by libuv's handle: it dies when the handle has closed.
#pragma once

#include <uv.h>

#include <nlohmann/json.hpp>
#include <string>

namespace parley::host {

class control_server;

class control_connection {
 public:
  explicit control_connection(control_server& server);

  uv_pipe_t* pipe() { return &pipe_; }
  std::uint64_t id = 0;
  bool tapping = false;
  std::uint64_t lost_lines = 0;

  void start_reading();
  /// Queues one line. [loop]
  void send(const nlohmann::ordered_json& line);
  std::size_t unsent() const { return unsent_; }
  void close();

 private:
  static constexpr std::size_t max_line = 64 << 20;  // a users file can be large; the socket is the operator's own
  void received(std::string_view data);

  control_server& server_;
  uv_pipe_t pipe_;
  std::string input_;
  std::size_t unsent_ = 0;
  bool closing_ = false;
};

}  // namespace parley::host
