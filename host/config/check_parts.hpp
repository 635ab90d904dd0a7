// The parts of check_plugins.
#pragma once

#include "host/config/check.hpp"

namespace parley::host {

struct checking {
  const manifest& config;
  const std::vector<plugin_info>& infos;
  bool all_known;  // every plugin's descriptor is there: what nobody declares, nobody has
  std::vector<diagnostic> errors{};

  void report(const mark& at, std::string text) { errors.push_back({at, std::move(text)}); }
};

/// One command, HTTP route or verb, one plugin.
void check_claims(checking& c);
/// Events that are heard are published by somebody.
void check_events(checking& c);
/// Interfaces, pools, lanes and migrations of one plugin.
void check_needs(checking& c, const plugin_config& config, const plugin_info& info);
/// Commands that listeners name are served by somebody.
void check_listeners(checking& c);

}  // namespace parley::host
