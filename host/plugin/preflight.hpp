// A plugin file's trial in a helper process: whatever it does there costs nothing.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "host/config/manifest.hpp"
#include "host/plugin/descriptor.hpp"
#include "host/plugin/handoff.hpp"

namespace parley::host {

struct preflight_request {
  std::string executable;              // this program
  std::string copy;                    // the staged copy, which is tried
  std::string file;                    // the build's output, which errors name
  plugin_config config;                // the name it has to have, and its keys
  plugin_state state;                  // what the running generation would hand over
  std::vector<sql_pool_config> pools;  // the manifest's; it reads from those that it names
  std::uint32_t deadline_ms = 5000;
};

/// Loads the copy in a process of its own, checks ABI, descriptor and configuration, makes the instance, lets it test
/// itself and restore the live state, destroys and unmaps it. Its sql pools are one connection each there, which only
/// reads (trial_pools.hpp); the others answer `unavailable`. What it is told, passwords of databases too, goes by a
/// file that has no name. Returns its facts, with `file` as the file's name; the error says what failed, where and how
/// to mend it. Blocks. [any] but the loop
result<plugin_info> preflight(const preflight_request& request);

/// `parleyd preflight COPY FILE`: what the helper process runs; its request is on stdin. The exit status.
int preflight_main(const std::string& copy, const std::string& file);

}  // namespace parley::host
