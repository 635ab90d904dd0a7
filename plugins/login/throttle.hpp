// Failed logins, counted per (user name, address) and per address.
//
// Rationale: TeamTalk counts per name, so that anybody can lock anybody out, in a map that strangers make grow
// (defects B16). Counting per pair, an attacker locks out himself; the wider bound per address stops him from going
// through names. Both tables are bounded and forget their oldest entry.
#pragma once

#include <parley/state_bytes.hpp>

#include <sodium.h>

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "bounded_map.hpp"

namespace login {

/// What an attempt is counted under. The name is hashed as submitted: whether it exists makes no difference. `pair` is
/// the address's hash and the name's, one on the other, so that a name is found at every address.
struct attempt_key {
  std::uint64_t pair = 0;
  std::uint64_t address = 0;
};

/// Times are milliseconds of any clock that only goes forward. [loop]
class throttle {
 public:
  struct limits {
    std::size_t failures = 10;  ///< per pair; 0 = no throttle at all
    std::size_t failures_per_address = 100;
    std::uint64_t window_ms = 30 * 60 * 1000;
    std::size_t pairs = 65536;
    std::size_t addresses = 16384;
  };

  explicit throttle(const limits& l);

  /// `address` as text without port. Of IPv6 the first 64 bits count: that is what one customer has.
  attempt_key key(std::string_view name, std::string_view address) const;

  /// Whether an attempt must be refused unseen.
  bool refuses(const attempt_key& key, std::uint64_t now_ms);

  /// True when this failure is the one that closes the door: worth a line in the log.
  bool failed(const attempt_key& key, std::uint64_t now_ms);

  /// Forgets the pair's failures; the address keeps its own, or one good account would clear the way for guessing.
  void succeeded(const attempt_key& key) { pairs_.erase(key.pair); }

  /// Forgets the failures of a name from every address that is remembered, there too. From how many they were.
  std::size_t forget(std::string_view name, std::uint64_t now_ms);

  /// For the next generation: the key and the failures that still count, those that were asked for last first, in at
  /// most `most` bytes where that is enough for the key.
  void save(std::string& out, std::uint64_t now_ms, std::size_t most) const;
  /// Takes the place of all that was counted; false, and nothing has changed, when it is malformed. The clock is the
  /// one of save(), and the limits are those of this one.
  bool restore(parley::state_reader& in);

  std::size_t tracked() const { return pairs_.size() + addresses_.size(); }

 private:
  std::uint64_t hashed(const std::string& text) const;

  using times = std::vector<std::uint64_t>;  // oldest first
  using table = bounded_map<std::uint64_t, times>;
  bool full(table& of, std::uint64_t key, std::size_t most, std::uint64_t now_ms);
  void note(table& of, std::uint64_t key, std::size_t most, std::uint64_t now_ms);
  void save_table(std::string& out, const table& from, std::uint64_t now_ms, std::size_t most) const;
  static table restored(parley::state_reader& in, std::uint64_t saved_ms, const table& like, std::size_t most);

  limits limits_;
  std::array<unsigned char, crypto_shorthash_KEYBYTES> key_;
  table pairs_;
  table addresses_;
};

}  // namespace login
