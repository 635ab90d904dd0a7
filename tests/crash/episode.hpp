// One play from an empty database to the judgement.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "crash/checker/checker.hpp"
#include "crash/options.hpp"

namespace parley::crash {

struct struck {
  std::size_t times = 0;
  std::uint64_t bites = 0;               ///< what they did, in a unit of the fault's own
  std::vector<std::uint64_t> healed_ms;  ///< from mended to the next ack of a new message
  std::vector<std::uint64_t>
      silent_ms;  ///< the longest a terminal waited for one: from the strike, or from mended where all felt it
};

struct episode_result {
  std::uint64_t seed = 0;
  database_kind database = database_kind::sqlite;
  std::map<fault, struck> faults;
  std::uint64_t acked = 0;
  std::uint64_t dropped = 0;  ///< sessions of nodes that live, which nobody wanted to end
  report judged;
  std::vector<std::string> complaints;  ///< what went wrong and is no line of a history
  std::string log_end;

  bool broken() const { return !judged.violations.empty() || !complaints.empty(); }
};

/// `say` is told what happens, a line at a time. Throws test::failure when it cannot be played.
episode_result play_episode(const options& o, std::uint64_t seed, void (*say)(const std::string&));

}  // namespace parley::crash
