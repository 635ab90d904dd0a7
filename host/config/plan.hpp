// What a manifest's plugins turn out to be: the last step before anything is started.
#pragma once

#include <string>
#include <vector>

#include "host/config/check.hpp"

namespace parley::host {

/// All beside manifest.plugins, one each.
struct plugin_plan {
  std::vector<std::string> files;
  std::vector<plugin_info> infos;  // name empty: it could not be read, which was reported
  std::vector<plugin_settings> settings;
};

/// Where the manifest's plugins live: `plugin_directory`, else ../lib/parley/plugins beside the executable (as
/// installed), else
/// ../plugins (as built).
std::string plugin_directory(const manifest& config, const std::string& executable);

/// A plugin's file: as it stands when absolute, else below the plugin directory.
std::string plugin_file(const manifest& config, const plugin_config& plugin, const std::string& executable);

/// Describes every plugin in a helper process, all at once, and checks them against the manifest and each other. Adds
/// everything found to `errors`, by place. Blocks, for milliseconds as a rule.
plugin_plan plan_plugins(const manifest& config, const std::string& executable, std::vector<diagnostic>& errors);

}  // namespace parley::host
