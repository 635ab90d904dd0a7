// What a look-up has found, and how much of it one turn of the loop deals with.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "record.hpp"
#include "store.hpp"

namespace push {

/// What one look-up finds out about a few messages.
struct findings {
  std::unordered_map<std::uint32_t, std::string> names;
  std::unordered_map<std::uint32_t, store::device> of_user;
  std::unordered_map<std::uint32_t, std::vector<store::device>> of_group;  // by user
};

struct portion {
  std::span<const store::device> devices;
  bool last = true;  // nothing is left of the message
};
/// The message's next devices, at most `left`, which becomes less; the message remembers how far it has got.
portion next_portion(message_news& message, const findings& known, std::size_t& left);

}  // namespace push
