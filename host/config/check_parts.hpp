// The parts of check_plugins.
#pragma once

#include <bitset>

#include "host/config/check.hpp"

namespace parley::host {

struct checking {
  const manifest& config;
  const std::vector<plugin_info>& infos;
  bool all_known;  // every plugin's descriptor is there: what nobody declares, nobody has
  std::vector<diagnostic> errors{};

  void report(const mark& at, std::string text) { errors.push_back({at, std::move(text)}); }
};

using command_set = std::bitset<0x10000>;

/// Whether the plugins' descriptors are all there.
bool all_plugins_known(const manifest& config, const std::vector<plugin_info>& infos);

/// One command, HTTP route or verb, one plugin.
void check_claims(checking& c);
/// Events that are heard are published by somebody.
void check_events(checking& c);
/// Interfaces, pools, lanes and migrations of one plugin.
void check_needs(checking& c, const plugin_config& config, const plugin_info& info);
/// Commands that the listeners of a node that stands alone name are served by somebody.
void check_listeners(checking& c);
/// The same for one listener; `who` is those that serve: "plugin here".
void check_listener(const listener_config& listener, const command_set& served, const std::string& who,
                    std::vector<diagnostic>& errors);
void add_commands(const std::vector<plugin_info>& infos, command_set& served);

}  // namespace parley::host
