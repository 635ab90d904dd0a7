#include "host/config/plugin_settings.hpp"

#include <algorithm>

#include "host/config/scalars.hpp"
#include "host/config/words.hpp"

namespace parley::host {

namespace {

using config_key = plugin_info::config_key;

bounds allowed(const config_key& key, std::int64_t least) {
  if (key.min == 0 && key.max == 0) return {least, INT64_MAX};
  return {key.min, key.max};
}

result<plugin_setting> parse_setting(const config_key& key, const std::string& text) {
  result<std::int64_t> number = std::int64_t{0};
  switch (key.type) {
    case PARLEY_CONFIG_INTEGER:
      number = parse_integer(text, allowed(key, INT64_MIN));
      break;
    case PARLEY_CONFIG_DURATION:
      number = parse_duration(text, allowed(key, 0));
      break;
    case PARLEY_CONFIG_SIZE:
      number = parse_size(text, allowed(key, 0));
      break;
    case PARLEY_CONFIG_BOOLEAN: {
      const auto flag = parse_boolean(text);
      if (!flag) return flag.failure();
      number = std::int64_t{*flag};
      break;
    }
    case PARLEY_CONFIG_CHOICE: {
      const auto choice = parse_choice(text, key.choices);
      if (!choice) return choice.failure();
      break;
    }
    default:
      break;
  }
  if (!number) return number.failure();
  return plugin_setting{text, *number};
}

/// What a key has when the manifest is silent. No default is an empty text and 0.
plugin_setting default_setting(const config_key& key, const std::string& place, const mark& at,
                               std::vector<diagnostic>& errors) {
  if (key.default_value.empty()) return {};
  const auto parsed = parse_setting(key, key.default_value);
  if (parsed) return *parsed;
  errors.push_back({at, place + ": the plugin's own default is wrong (mend its descriptor): " + parsed.text()});
  return {};
}

void report_unknown(const plugin_info& info, const plugin_config& config, std::vector<diagnostic>& errors) {
  std::vector<std::string> known;
  for (const config_key& key : info.config) known.push_back(key.name);
  for (const auto& [name, value] : config.config) {
    if (std::find(known.begin(), known.end(), name) != known.end()) continue;
    errors.push_back({value.key, "plugin " + info.name + ": unknown config key " + in_quotes(name) + ": " +
                                     did_you_mean(name, known)});
  }
}

}  // namespace

plugin_settings resolve_config(const plugin_info& info, const plugin_config& config, std::vector<diagnostic>& errors) {
  plugin_settings settings;
  report_unknown(info, config, errors);
  for (const config_key& key : info.config) {
    const std::string place = "plugin " + info.name + ": config." + key.name;
    const auto written = config.config.find(key.name);
    if (written != config.config.end()) {
      const auto parsed = parse_setting(key, written->second.text);
      if (parsed)
        settings[key.name] = *parsed;
      else
        errors.push_back({written->second.at, place + ": " + parsed.text()});
    } else if (key.required) {
      errors.push_back({config.at, place + " is missing" + (key.help.empty() ? "" : ": " + key.help)});
    } else {
      settings[key.name] = default_setting(key, place, config.at, errors);
    }
  }
  return settings;
}

}  // namespace parley::host
