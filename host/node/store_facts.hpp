// What a node keeps, and where: for backups.
#pragma once

#include <nlohmann/json.hpp>

#include "host/config/manifest.hpp"

namespace parley::host {

/// The data directory, the databases of the pools (once each, urls without passwords), and the directories in which
/// plugins keep files: their own, and what a key called `directory` names. All paths absolute.
nlohmann::ordered_json store_facts(const manifest& config);

}  // namespace parley::host
