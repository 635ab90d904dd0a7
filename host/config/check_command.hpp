// `parleyd check FILE...`, and what `parleyd run` with several looks at first.
#pragma once

#include <string>
#include <vector>

#include "host/config/check_together.hpp"

namespace parley::host {

struct checked_files {
  std::vector<checked_node> nodes;   // beside the files
  std::vector<diagnostic> errors;    // of each by itself, in their order, and then of all side by side
  std::vector<diagnostic> warnings;  // certificates about to end
  std::string summaries;             // a line per faultless file
};

/// Starts nothing but the plugins' helper processes.
checked_files check_files(const std::string& executable, const std::vector<std::string>& files);

/// Prints everything wrong with each manifest and its plugins, and then with all of them side by side, as
/// "file:line:column: text", and a line per faultless one that sums it up.
/// 0 when nothing is wrong, else 2.
int check_main(const std::string& executable, const std::vector<std::string>& files);

}  // namespace parley::host
