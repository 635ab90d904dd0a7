// How two nodes come to trust each other: no socket, only what is said.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "host/cluster/peer_clock.hpp"
#include "host/cluster/proof.hpp"
#include "host/cluster/records.hpp"

namespace parley::host {

/// waiting -> open, or -> refused
///
///   dialer     hello ------------> challenge <----- proof ------------> proof <-----  open
///   accepter          hello  -----------  challenge        proof, admit ------- proof, open
class handshake {
 public:
  enum class state { waiting, open, refused };

  /// Whether that node may be linked with, asked once its proof is right; empty, or the sentence that refuses it.
  using admit_function = std::function<std::string(const node_identity& other)>;
  using send_function = std::function<void(record, std::string_view body)>;
  using clock_function = std::function<std::uint64_t()>;

  struct setting {
    node_identity self;
    std::string secret;
    std::string other;  // the name dialed; empty for an accepter
    admit_function admit;
    send_function send;
    clock_function now_ms;
  };

  explicit handshake(setting s) : set_(std::move(s)) {}

  /// The dialer's first word.
  void begin();
  void take(record r, std::string_view body);

  state where() const { return state_; }
  /// Why it was refused, by us or by the other.
  const std::string& trouble() const { return trouble_; }
  /// The other heard it from us.
  bool told() const { return told_; }
  /// As far as it has said; true only when open.
  const node_identity& other() const { return dialer() ? facts_.accepter : facts_.dialer; }
  const peer_clock& clock() const { return clock_; }

 private:
  bool dialer() const { return !set_.other.empty(); }
  void take_hello(std::string_view body);
  void take_challenge(std::string_view body);
  void take_proof(std::string_view body);
  bool acceptable(std::uint64_t version, const node_identity& other);
  /// Tells the other and is over.
  void refuse(std::string why);

  setting set_;
  state state_ = state::waiting;
  bool asked_ = false;  // our hello or challenge is out
  bool told_ = false;
  std::uint64_t asked_ms_ = 0;
  handshake_facts facts_;
  peer_clock clock_;
  std::string trouble_;
};

}  // namespace parley::host
