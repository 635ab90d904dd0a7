// An SQLite database that is being written to, as it is at one moment.
#pragma once

#include <functional>
#include <string>
#include <vector>

namespace parley::store {

/// A copy of all that was committed when it was called, in a new file, synced. Those who write go on meanwhile: it
/// reads one state of the database, a portion at a time. `step` hears how far it is, in pages. Throws trouble.
///
/// Rationale: without a transaction of its own the backup would begin anew with every commit of the node, and never end
/// under load. Until it ends the write-ahead log is not cut back: it grows by what is written meanwhile.
void take_snapshot(const std::string& database, const std::string& to,
                   const std::function<void(int done, int of)>& step);

/// SQLite's own check of a database that nobody uses. Empty, or what is wrong.
std::string check_database(const std::string& file);

/// Files that rows of the plugins file and msfs tell of, below offline_file and the store: what a copy of their trees
/// must have. At most `most` that `has` does not know.
struct told_file {
  std::string plugin;
  std::string path;
};
std::vector<told_file> missing_files(const std::string& file, const std::function<bool(const told_file&)>& has,
                                     std::size_t most);

}  // namespace parley::store
