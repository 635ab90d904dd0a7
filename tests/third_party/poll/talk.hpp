// What was written in each conversation since somebody began to listen: the state that one generation hands to the
// next.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "store.hpp"

// Which build this is: poll_messages, the state and the answers differ.
#ifndef POLL_VERSION
#define POLL_VERSION 1
#endif

namespace poll {

/// A line per conversation: "a b messages", from version 2 on "a b messages last".
constexpr std::uint32_t state_version = POLL_VERSION;

struct talk {
  std::uint32_t messages = 0;
  std::uint32_t last = 0;  // Unix seconds, 0 = not known: version 1 did not hand it over
};

class talks {
 public:
  void add(const poll_store::pair& who, std::uint32_t messages, std::uint32_t now);
  talk of(const poll_store::pair& who) const;

  std::string save() const;
  /// Takes the place of what is there. False, and nothing changed, for a newer version and for what does not parse.
  bool restore(std::uint32_t version, std::string_view state);

 private:
  static constexpr std::size_t most = 20000;  // of at most 44 bytes each: below any node's limit of a state
  std::map<poll_store::pair, talk> all_;
};

}  // namespace poll
