// The part of a change of plugins that needs no loop: stage, gate, preflight, check, load, migrate.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "host/config/plugin_settings.hpp"
#include "host/node/pools.hpp"
#include "host/plugin/handoff.hpp"
#include "host/plugin/library.hpp"

namespace parley::host {

struct preparation {
  std::string executable;
  std::string staging;                           // directory
  std::shared_ptr<const manifest> target;        // the whole, as it will be
  std::vector<std::string> make;                 // plugins of it that get a new generation
  std::map<std::string, std::uint32_t> numbers;  // of these
  std::map<std::string, plugin_state> states;    // what the running ones of these would hand over
  std::map<std::string, std::string> built;      // build-ids of the running ones, to leave out who has not changed
  std::map<std::string, std::shared_ptr<const plugin_info>> kept;  // facts of those that stay
  bool only_changed = false;
};

/// Loaded, with its database ready, and nothing of it has run yet but its constructors.
struct prepared_plugin {
  plugin_config config;
  std::uint32_t number = 0;
  std::unique_ptr<library> lib;
  std::shared_ptr<const plugin_info> info;
  plugin_settings settings;
};

/// All of them, or why not: the first step that failed, with the file and how to mend it. Empty when nothing has
/// changed. Migrations that ran stay applied. Blocks. [any] but the loop
result<std::vector<prepared_plugin>> prepare(const preparation& what, pools& p);

/// Brings the database to what these facts need; the plugin's pools are looked up by `config`. Blocks.
result<void> migrate_for(const plugin_info& info, const plugin_config& config, pools& p);

}  // namespace parley::host
