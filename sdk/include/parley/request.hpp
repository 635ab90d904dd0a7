// One command to answer. Cheap to copy; a coroutine takes it by value.
#pragma once

#include <string_view>

#include "bytes.hpp"
#include "edge.hpp"
#include "status.hpp"

namespace parley {

class request {
 public:
  request(const edge* e, const parley_request& raw)
      : edge_(e),
        id_(raw.id),
        session_(raw.session),
        principal_(raw.principal),
        level_(raw.level),
        command_(raw.command),
        seq_(raw.seq),
        flags_(raw.flags),
        peer_(view(raw.peer)) {}

  parley_request_id id() const { return id_; }
  /// 0 for a call from another plugin.
  parley_session_id session() const { return session_; }
  const parley_principal& principal() const { return principal_; }
  /// The acting user; 0 before login.
  std::uint32_t user() const { return static_cast<std::uint32_t>(principal_.id); }
  /// Client type.
  std::uint32_t tag() const { return principal_.tag; }
  std::uint32_t level() const { return level_; }
  std::uint16_t command() const { return command_; }
  std::uint16_t seq() const { return seq_; }
  bool is_call() const { return flags_ & PARLEY_REQUEST_CALL; }
  /// Since 1.3: what its session speaks. False for a call.
  bool over_websocket() const { return flags_ & PARLEY_REQUEST_WEBSOCKET; }
  bool over_tls() const { return flags_ & PARLEY_REQUEST_TLS; }
  /// The client's address without port; borrowed until the handler first suspends.
  std::string_view peer() const { return peer_; }

  /// Under the request's seq. Any number of replies.
  template <class Message>
  status reply(std::uint16_t command, const Message& message) const {
    encoded body(message);
    return static_cast<status>(edge_->session->reply(edge_->self, id_, command, body));
  }
  status reply(std::uint16_t command, parley_bytes body) const {
    return static_cast<status>(edge_->session->reply(edge_->self, id_, command, body));
  }
  /// The sentence and wait that go with the failure this handler is about to return.
  status explain(status code, std::string_view text, std::uint32_t retry_after_ms = 0) const {
    edge_->session->explain(edge_->self, id_, bytes(text), retry_after_ms);
    return code;
  }

 private:
  const edge* edge_;
  parley_request_id id_;
  parley_session_id session_;
  parley_principal principal_;
  std::uint32_t level_;
  std::uint16_t command_;
  std::uint16_t seq_;
  std::uint32_t flags_;
  std::string_view peer_;
};

}  // namespace parley
