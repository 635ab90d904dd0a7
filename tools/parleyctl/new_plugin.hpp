// `parleyctl new-plugin NAME`: a module that builds out of tree and passes its test at once.
#pragma once

#include <string>
#include <vector>

namespace parleyctl {

/// Arguments behind the verb: NAME [--dir DIRECTORY] [--command ID]. Writes the files of the kit's template below
/// DIRECTORY
/// (./NAME unless given), which must not be there. Throws std::runtime_error with a sentence; then nothing was written.
/// Returns what to do next.
std::string new_plugin(const std::vector<std::string>& words);

}  // namespace parleyctl
