// A manifest against the descriptors of its plugins: whatever would fail at start or make no sense, found before it.
#pragma once

#include <string>
#include <vector>

#include "host/config/manifest.hpp"
#include "host/config/plugin_settings.hpp"
#include "host/plugin/descriptor.hpp"

namespace parley::host {

/// The interfaces this host hands out: those of sdk/include/parley/abi/.
const std::vector<std::string>& host_interfaces();

/// `infos` stands beside manifest.plugins; one that could not be read has an empty name, and what might be its doing is
/// then not missed. Sorted by place.
std::vector<diagnostic> check_plugins(const manifest& config, const std::vector<plugin_info>& infos);

/// The manifest's name of a pool that a descriptor calls `need`.
const std::string& pool_target(const plugin_config& config, const std::string& need);

}  // namespace parley::host
