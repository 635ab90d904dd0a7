#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "chat/options.hpp"
#include "client/session.hpp"

namespace parley::chat {

/// Keeps one login alive: reconnects with growing pauses, follows a node that moves its clients, and knows what is
/// final.
///
///   trying -> online -> trying (lost) -> ... ; any -> over (final)
class link {
 public:
  struct handlers {
    std::function<void(const client::identity&, bool again)> up;
    /// Lost, or another attempt failed; the next one starts in `retry_ms`.
    std::function<void(const std::string& reason, std::uint64_t retry_ms)> down;
    std::function<void(const client::pdu&)> pushed;
    /// Nothing will be tried any more.
    std::function<void(exit_code, const std::string& reason)> over;
  };

  /// `patience_ms`: how long a lost connection is tried again; 0 for ever. The first connection is tried once.
  link(client::event_loop& loop, const options& to, std::uint64_t patience_ms, handlers on);

  void start() { attempt(); }

  bool online() const { return session_ && session_->ready(); }
  client::session& session() { return *session_; }
  const client::endpoint& where() const { return target_; }

 private:
  void attempt();
  void received(const client::pdu& next);
  void ended(const client::error& why);
  void moved(const client::pdu& next);
  void finish(exit_code code, const std::string& reason);

  client::event_loop& loop_;
  options to_;
  std::uint64_t patience_ms_;
  handlers on_;
  client::timer pause_;
  client::timer move_;
  std::unique_ptr<client::session> session_;
  client::endpoint target_;
  std::uint64_t lost_at_ms_ = 0;
  int failures_ = 0;
  bool was_online_ = false;
  bool over_ = false;
};

}  // namespace parley::chat
