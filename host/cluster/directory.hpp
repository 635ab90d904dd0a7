// Sessions with an identity that are other nodes', and whose terminals they are.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <unordered_map>

#include "parley/abi.h"

namespace parley::host {

/// Follows what each node says of its own sessions. A node that is away keeps its entries until forget(); when it is
/// back it tells all of them again, and what it does not tell is gone. [loop]
class directory {
 public:
  struct entry {
    parley_session_id session = 0;
    parley_principal principal{};
    std::uint32_t level = 0;
    std::uint32_t told = 0;  // in which of its node's accounts
    bool leaving = false;    // its home was told to close it
    entry* next = nullptr;   // terminal of the same principal
    std::uint16_t node() const { return static_cast<std::uint16_t>(session >> 48); }
  };

  /// False when it was there.
  bool add(parley_session_id session, const parley_principal& principal, std::uint32_t level);
  std::optional<entry> remove(parley_session_id session);
  /// A terminal no more, as a session here is none from the moment on that it is to be closed. It is one again when its
  /// node tells of it in a later account: then the word did not get there.
  void leaves(parley_session_id session);
  const entry* find(parley_session_id session) const;

  /// The node tells everything anew ...
  void begin_account(std::uint16_t node) { ++accounts_[node].current; }
  /// ... and that was all: each(entry) for what it did not tell, which is removed.
  void end_account(std::uint16_t node, const std::function<void(const entry&)>& each);
  /// Removes at most `most` entries of the node, each(entry) for each; how many are left.
  std::size_t forget(std::uint16_t node, std::size_t most, const std::function<void(const entry&)>& each);

  /// fn(const entry&) for each terminal of the principal, in the order they were told of.
  template <class Fn>
  void each_terminal(std::uint64_t principal, Fn&& fn) const {
    const auto found = principals_.find(principal);
    for (const entry* e = found == principals_.end() ? nullptr : found->second; e; e = e->next) fn(*e);
  }
  bool has_terminal(std::uint64_t principal) const { return principals_.contains(principal); }
  std::size_t principals() const { return principals_.size(); }  // with a terminal
  /// fn(principal) for each with a terminal, in no order.
  template <class Fn>
  void each_principal(Fn&& fn) const {
    for (const auto& [principal, first] : principals_) fn(principal);
  }
  std::size_t size() const { return sessions_.size(); }
  std::size_t of_node(std::uint16_t node) const {
    const auto found = accounts_.find(node);
    return found == accounts_.end() ? 0 : found->second.sessions;
  }

 private:
  void enlist(entry& e);
  void strike(entry& e);

  struct account {
    std::uint32_t current = 0;
    std::size_t sessions = 0;
  };
  std::unordered_map<parley_session_id, entry> sessions_;
  std::unordered_map<std::uint64_t, entry*> principals_;
  std::unordered_map<std::uint16_t, account> accounts_;
};

}  // namespace parley::host
