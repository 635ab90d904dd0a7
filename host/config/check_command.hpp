// `parleyd check FILE...`
#pragma once

#include <string>
#include <vector>

namespace parley::host {

/// Prints everything wrong with each manifest and its plugins as "file:line:column: text", and a line that sums it up.
/// 0 when nothing is wrong, else 2. Starts nothing but the plugins' helper processes.
int check_main(const std::string& executable, const std::vector<std::string>& files);

}  // namespace parley::host
