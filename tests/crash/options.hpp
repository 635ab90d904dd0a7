#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "crash/checker/checker.hpp"
#include "crash/plan.hpp"

namespace parley::crash {

enum class database_kind : std::uint8_t { sqlite, mariadb };

/// Ways to break a promise on purpose, which the check has to find.
enum class sabotage : std::uint8_t { none, lying_disk, synchronous_off, no_commit_lookup };

struct options {
  std::uint64_t seed = 0;
  std::uint32_t minutes = 3;
  std::uint32_t episodes = 0;      ///< 0: as many as fit the minutes
  std::uint32_t rounds = 10;       ///< faults per episode
  std::uint32_t clients = 6;       ///< people; every third has two terminals
  std::uint32_t messages = 20000;  ///< per terminal and episode, at most
  std::uint32_t nodes = 1;
  std::uint32_t edges = 0;      ///< of a cluster, and no other node has clients; 0: nodes beside each other
  std::uint32_t resume_ms = 0;  ///< the longest a terminal may wait for an ack, where others can take over; 0: any time
  std::vector<fault> faults;    ///< empty: all that suit
  std::vector<database_kind> databases{database_kind::sqlite};
  sabotage broken = sabotage::none;
  std::vector<promise> must_find;  ///< one of them; empty: nothing is to be found
  bool json = false;
  std::string keep;  ///< a directory for histories and logs
};

/// Text for the user, and the exit status.
struct usage {
  std::string text;
  int status = 0;
};

std::variant<options, usage> read_options(const std::vector<std::string>& arguments, std::uint64_t random_seed);

std::string_view name_of(database_kind which);

}  // namespace parley::crash
