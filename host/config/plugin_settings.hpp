// A plugin's `config:` as its descriptor declares it: checked, with defaults filled in.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "host/config/manifest.hpp"
#include "host/plugin/descriptor.hpp"

namespace parley::host {

/// One key's value. `number` is the integer, 0 or 1 of a boolean, milliseconds of a duration, bytes of a size; 0 for
/// texts and choices.
struct plugin_setting {
  std::string text;
  std::int64_t number = 0;
};

using plugin_settings = std::map<std::string, plugin_setting>;

/// Every declared key has a value when no error was added. Unknown keys, missing ones and bad values are reported where
/// they stand, missing ones at the plugin.
plugin_settings resolve_config(const plugin_info& info, const plugin_config& config, std::vector<diagnostic>& errors);

}  // namespace parley::host
