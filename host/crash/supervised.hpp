// A node and the process that watches it (host/supervisor): how one becomes the other, and what it is told.
#pragma once

#include <string>
#include <vector>

namespace parley::host::crash {

/// What a supervisor tells its node, by the environment variable PARLEY_SUPERVISED=FD,RESTARTS.
struct supervised {
  int fd = -1;            // for the crash handler's line; -1 = nobody watches
  unsigned restarts = 0;  // after crashes, of this supervisor
};

/// Takes it out of the environment, so that it is nobody else's. Before other threads are started.
supervised read_supervised();

/// Replaces this process by the supervisor, which runs `executable WORDS... --no-supervise`. Looked for beside the
/// executable and in ../libexec/parley from there; returns, after a warning on stderr, when it is in neither: a node
/// that nobody watches is better than none.
void become_supervisor(const std::string& executable, const std::vector<std::string>& words);

struct named_manifest {
  std::string name;  // the node's
  std::string file;
};

/// The same for several nodes, each with a supervisor of its own below the first. Returns only when there is none.
int become_supervisor_of_several(const std::string& executable, const std::vector<named_manifest>& nodes, bool dev);

}  // namespace parley::host::crash
