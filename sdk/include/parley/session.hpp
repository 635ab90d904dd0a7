// Sessions and terminals: ordered messages to where they live. [loop]
#pragma once

#include <algorithm>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "bytes.hpp"
#include "edge.hpp"
#include "status.hpp"

namespace parley {

using terminal = parley_terminal;

/// Which terminals a push is for; everything by default.
struct selector {
  std::uint32_t tag_mask = 0;
  std::uint32_t tag_value = 0;
  std::uint32_t min_level = 0;
  bool level_0_only = false;
  parley_session_id except = 0;

  parley_selector raw() const {
    return {tag_mask, tag_value, min_level, 0, static_cast<std::uint32_t>(level_0_only ? PARLEY_LEVEL_0 : 0),
            0,        except};
  }
};

class sessions {
 public:
  explicit sessions(const edge* e) : edge_(e) {}

  /// Unsolicited, seq 0.
  template <class Message>
  status push(parley_session_id session, std::uint16_t command, const Message& message) const {
    encoded body(message);
    return push(session, command, static_cast<parley_bytes>(body));
  }
  status push(parley_session_id session, std::uint16_t command, parley_bytes body) const {
    return static_cast<status>(edge_->session->push(edge_->self, session, command, body));
  }
  /// Under the seq of a request that has ended, whoever heard it.
  status answer(parley_session_id session, std::uint16_t seq, std::uint16_t command, parley_bytes body) const {
    return static_cast<status>(edge_->session->answer(edge_->self, session, seq, command, body));
  }
  status push_user(std::uint64_t user, std::uint16_t command, parley_bytes body, const selector& which = {}) const {
    auto raw = which.raw();
    return static_cast<status>(edge_->session->push_principal(edge_->self, user, &raw, command, body));
  }
  template <class Message>
  status push_user(std::uint64_t user, std::uint16_t command, const Message& message,
                   const selector& which = {}) const {
    encoded body(message);
    return push_user(user, command, static_cast<parley_bytes>(body), which);
  }

  /// To many at once: encoded once. Ids are unique.
  status push_users(std::span<const std::uint64_t> users, std::uint16_t command, parley_bytes body,
                    const selector& which = {}) const {
    auto raw = which.raw();
    return static_cast<status>(
        edge_->session->push_principals(edge_->self, users.data(), users.size(), &raw, command, body));
  }
  template <class Message>
  status push_users(std::span<const std::uint64_t> users, std::uint16_t command, const Message& message,
                    const selector& which = {}) const {
    encoded body(message);
    return push_users(users, command, static_cast<parley_bytes>(body), which);
  }

  /// Makes the session a terminal of `user` with the client type `tag`.
  status authenticate(parley_session_id session, std::uint64_t user, std::uint32_t tag, std::uint32_t level) const {
    parley_principal principal{user, tag, PARLEY_TERMINAL};
    return static_cast<status>(edge_->session->authenticate(edge_->self, session, &principal, level));
  }
  /// Knows the session as the user's, without making it one of the user's terminals: it gets no pushes to the user, and
  /// may use open commands and this plugin's.
  status identify(parley_session_id session, std::uint64_t user, std::uint32_t level) const {
    parley_principal principal{user, 0, 0};
    return static_cast<status>(edge_->session->authenticate(edge_->self, session, &principal, level));
  }
  /// After everything sent before it is flushed. `reason` is static.
  status close(parley_session_id session, const char* reason) const {
    return static_cast<status>(edge_->session->close(edge_->self, session, reason));
  }
  std::vector<terminal> terminals(std::uint64_t user) const {
    std::vector<terminal> out(4);
    auto total = edge_->session->terminals(edge_->self, user, out.data(), static_cast<std::uint32_t>(out.size()));
    if (total > out.size()) {
      out.resize(total);
      total = edge_->session->terminals(edge_->self, user, out.data(), total);
    }
    out.resize(std::min<std::size_t>(total, out.size()));
    return out;
  }
  bool online(std::uint64_t user) const { return edge_->session->terminals(edge_->self, user, nullptr, 0) > 0; }

  /// Everybody who has a terminal, in no order.
  std::vector<std::uint64_t> everyone_online() const {
    std::vector<std::uint64_t> out(edge_->session->online(edge_->self, nullptr, 0));
    const auto total = edge_->session->online(edge_->self, out.data(), static_cast<std::uint32_t>(out.size()));
    out.resize(std::min<std::size_t>(total, out.size()));
    return out;
  }

  status set_slot(parley_session_id session, std::uint32_t version, std::string_view data) const {
    return static_cast<status>(edge_->session->set_slot(edge_->self, session, version, bytes(data)));
  }
  std::optional<std::pair<std::uint32_t, std::string>> slot(parley_session_id session) const {
    std::uint32_t version = 0;
    parley_bytes data{};
    if (edge_->session->get_slot(edge_->self, session, &version, &data) != PARLEY_OK) return std::nullopt;
    return std::pair{version, std::string(view(data))};
  }

 private:
  const edge* edge_;
};

}  // namespace parley
