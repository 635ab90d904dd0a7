// A plugin replaced again and again while its node works: does anybody notice?
#pragma once

#include <string>
#include <vector>

namespace parleyctl {

/// `torture PLUGIN [--reloads N] [--every MS] [--traffic COMMAND]`. Reloads the plugin, each reload after the one
/// before and MS later, while sessions of its own send heartbeats and COMMAND (by the shell) runs as long as it takes.
/// Then counts: every session is there, each heartbeat came back once and in order, COMMAND ended with 0, every
/// generation that was replaced is destroyed and verified unmapped, as many mappings as before, memory did not grow.
/// Prints the table, or JSON. 0; 1 when anything of that does not hold. Throws std::runtime_error on wrong usage.
int torture(const std::string& socket, const std::vector<std::string>& words, bool as_json);

}  // namespace parleyctl
