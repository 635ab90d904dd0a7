#include <nlohmann/json.hpp>

#include "host/plugin/descriptor.hpp"

namespace parley::host {

// nlohmann::json finds these through their arguments, so they cannot stand in an unnamed namespace.
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(plugin_info::command, id, access, name)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(plugin_info::route, method, path, match, max_body)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(plugin_info::argument, name, kind, required, help)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(plugin_info::verb, name, help, args)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(plugin_info::migration, number, name, pool, statements)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(plugin_info::pool, name, kind)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(plugin_info::lane, name, pool, max_batch, max_queue)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(plugin_info::config_key, name, type, required, default_value, min, max, choices,
                                   help)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(plugin_info, file, name, version, summary, abi_major, abi_minor, state_version,
                                   commands, filters, events, subscriptions, optional_subscriptions, interfaces, routes,
                                   verbs, migrations, pools, lanes, config)

std::string to_json(const plugin_info& info) {
  const nlohmann::json whole = info;
  return whole.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

result<plugin_info> info_from_json(const std::string& text) {
  try {
    return nlohmann::json::parse(text).get<plugin_info>();
  } catch (const nlohmann::json::exception& e) {
    return error{status::malformed, std::string("no plugin's facts: ") + e.what()};
  }
}

}  // namespace parley::host
