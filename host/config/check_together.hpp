// Manifests that are meant to run beside each other: whatever one of them takes from another, found before it.
#pragma once

#include "host/config/check.hpp"

namespace parley::host {

/// A manifest, and what its plugins turned out to be.
struct checked_node {
  manifest config;
  std::vector<plugin_info> infos;
  bool faultless = true;  // by itself; of another only what is written counts, not what is missing
};

/// Whether only its own plugins serve what its listeners let in.
bool stands_alone(const manifest& config);

/// Names, addresses, control sockets and data directories that two of them want; database servers that will ask for a
/// password; and of a cluster, commands with two owners or with none. By place. Of one node alone: nothing.
///
/// Nodes that advertise, or else bind, addresses of their own and have none in common are on different machines, and
/// their ports and directories are none of each other's business.
std::vector<diagnostic> check_together(const std::vector<checked_node>& nodes);

/// The commands of clusters, a part of check_together.
void check_clusters(const std::vector<checked_node>& nodes, std::vector<diagnostic>& errors);

}  // namespace parley::host
