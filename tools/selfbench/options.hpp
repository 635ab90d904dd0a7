// The command line of `parleyd selfbench`.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace parley::selfbench {

struct options {
  std::uint32_t seconds = 5;
  std::uint32_t sessions = 5000;
  std::uint32_t pairs = 50;
  std::string sql;        // empty: SQLite in the scratch directory
  std::string directory;  // where that is made
  bool json = false;
  bool help = false;
};

extern const char* const usage_text;

/// A sentence in `wrong` when they cannot be used.
options read_options(const std::vector<std::string>& words, std::string& wrong);

}  // namespace parley::selfbench
