// Who the actors are and how they behave, as a seed says.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace parley::crash {

/// One terminal of one person.
struct role {
  std::size_t person = 0;
  bool mobile = false;
  std::uint32_t level = 1;       ///< 0: no client_msg_id, so it never sends anything twice
  std::uint32_t window = 1;      ///< messages open at once
  bool eager = false;            ///< goes on at each ack; the others every 20 ms
  std::uint32_t most = 0;        ///< messages it has to say
  std::uint32_t resends = 0;     ///< in a thousand: says something again that was acked
  std::uint32_t pages = 0;       ///< in a thousand: reads history
  std::uint32_t reads = 0;       ///< in a thousand: moves its read position
  std::uint32_t departures = 0;  ///< in ten thousand: hangs up in the midst of it
};

struct cast {
  std::vector<std::vector<std::size_t>> peers;   ///< by person: whom it talks to; always mutual
  std::vector<std::vector<std::size_t>> groups;  ///< people of each
  std::vector<role> roles;
};

/// At least three people. Everybody talks to both neighbours in a ring and some to others; every third has a mobile
/// terminal too, the last person is of level 0. Everybody is in a group, some are in several; each lacks somebody.
cast make_cast(std::uint64_t seed, std::size_t people, std::uint32_t messages_each);

std::string name_of(const role& one);

}  // namespace parley::crash
