// A client that talks through crashes, and remembers what it was promised.
#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <mutex>
#include <random>
#include <string>
#include <vector>

#include "support/chat_client.hpp"

namespace parley::crash {

/// What the talkers share.
struct stage {
  std::vector<std::string> names;
  std::vector<std::uint32_t> ids;
  std::atomic<std::uint16_t> port{0};  ///< 0 while the server is down
  std::atomic<bool> talking{true};     ///< false: only finish what is open
  std::atomic<bool> over{false};
  std::atomic<std::uint64_t> acked{0};
  std::size_t window = 16;

  void complain(const std::string& what);
  std::vector<std::string> complaints();

 private:
  std::mutex mutex_;
  std::vector<std::string> complaints_;
};

struct message {
  std::uint32_t peer = 0;  ///< user id
  std::string client_msg_id;
  std::string text;
  std::uint32_t msg_id = 0;  ///< promised by an ack; 0 = not yet
  std::uint32_t sent = 0;    ///< how often
};

/// What somebody else was heard saying.
struct heard {
  std::uint32_t author = 0;
  std::uint32_t msg_id = 0;
  std::string text;
};

/// Talks to both neighbours in a ring, so that every conversation has two authors.
class talker {
 public:
  talker(stage& on, std::size_t index, std::uint32_t seed);

  /// Until the stage is over. [a thread of its own]
  void run();

  // For when its thread has ended:
  const std::vector<message>& messages() const { return messages_; }
  const std::vector<heard>& pushes() const { return pushes_; }
  std::size_t unacked() const { return unacked_; }
  std::size_t resent() const { return resent_; }
  /// What it still waits for; may be asked at any time.
  bool finished() const { return unacked_ == 0; }

 private:
  bool connect();
  void talk();
  bool send(std::size_t number);
  void take(const test::wire_pdu& pdu);
  void settle(std::size_t number, const test::verdict& got);

  stage& stage_;
  std::size_t index_;
  std::mt19937 random_;
  test::chat_client client_;
  bool connected_ = false;
  std::vector<message> messages_;
  std::vector<heard> pushes_;
  std::map<std::uint16_t, std::size_t> open_;  ///< seq -> message
  std::atomic<std::size_t> unacked_{0};
  std::size_t resent_ = 0;
};

}  // namespace parley::crash
