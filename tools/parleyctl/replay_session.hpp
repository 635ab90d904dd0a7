// One recorded session, played again: its connection, and what came over it.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tools/parleyctl/recording.hpp"

namespace parleyctl {

struct received_pdu {
  std::uint16_t command = 0;
  std::uint16_t seq = 0;
  std::string body;
  bool matched = false;
};

struct expected_pdu {
  const recorded_pdu* pdu = nullptr;
  std::optional<std::size_t> came;  // which of `got` is in its place
};

class replay_session {
 public:
  /// Connects at once. Throws std::runtime_error.
  replay_session(const std::string& address, std::uint16_t port);
  replay_session(const replay_session&) = delete;
  replay_session(replay_session&& other) noexcept;
  ~replay_session();

  void send(std::uint16_t command, std::uint16_t seq, std::string_view body);
  /// Takes what is there; whether the connection still is.
  bool read();
  int fd() const { return fd_; }

  std::vector<expected_pdu> expected;
  std::vector<received_pdu> got;

 private:
  int fd_ = -1;
  std::string unread_;
};

}  // namespace parleyctl
