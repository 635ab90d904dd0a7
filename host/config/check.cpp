#include "host/config/check.hpp"

#include <algorithm>

#include "host/config/check_parts.hpp"
#include "host/config/words.hpp"
#include "parley/abi/cache.h"
#include "parley/abi/call.h"
#include "parley/abi/config.h"
#include "parley/abi/control.h"
#include "parley/abi/event.h"
#include "parley/abi/http.h"
#include "parley/abi/lane.h"
#include "parley/abi/log.h"
#include "parley/abi/metrics.h"
#include "parley/abi/node.h"
#include "parley/abi/session.h"
#include "parley/abi/sql.h"
#include "parley/abi/timer.h"
#include "parley/abi/worker.h"

namespace parley::host {

namespace {

void check_name(checking& c, std::size_t plugin) {
  const plugin_config& config = c.config.plugins[plugin];
  const plugin_info& info = c.infos[plugin];
  for (std::size_t i = 0; i < plugin; ++i) {
    if (c.infos[i].name != info.name || c.config.plugins[i].name == config.name)
      continue;  // the same name twice is the reader's
    c.report(config.at, info.file + " is the plugin " + in_quotes(info.name) + ", which line " +
                            std::to_string(c.config.plugins[i].at.line) + " already names: remove one");
  }
  if (config.name.empty() || config.name == info.name) return;
  c.report(config.at, "the plugin is called " + in_quotes(config.name) + " here, but " + info.file + " calls itself " +
                          in_quotes(info.name) + ": write name: " + info.name + ", or name another file");
}

}  // namespace

const std::vector<std::string>& host_interfaces() {
  static const std::vector<std::string> ids = {PARLEY_CACHE_1,   PARLEY_CALL_1,  PARLEY_CONFIG_1,  PARLEY_CONTROL_1,
                                               PARLEY_EVENT_1,   PARLEY_HTTP_1,  PARLEY_LANE_1,    PARLEY_LOG_1,
                                               PARLEY_METRICS_1, PARLEY_NODE_1,  PARLEY_SESSION_1, PARLEY_SQL_1,
                                               PARLEY_TIMER_1,   PARLEY_WORKER_1};
  return ids;
}

const std::string& pool_target(const plugin_config& config, const std::string& need) {
  const auto mapped = config.pools.find(need);
  return mapped == config.pools.end() ? need : mapped->second;
}

bool all_plugins_known(const manifest& config, const std::vector<plugin_info>& infos) {
  return !config.unread_plugins && infos.size() == config.plugins.size() &&
         std::none_of(infos.begin(), infos.end(), [](const plugin_info& i) { return i.name.empty(); });
}

std::vector<diagnostic> check_plugins(const manifest& config, const std::vector<plugin_info>& infos) {
  checking c{config, infos, all_plugins_known(config, infos)};
  for (std::size_t i = 0; i < std::min(infos.size(), config.plugins.size()); ++i) {
    if (infos[i].name.empty()) continue;
    check_name(c, i);
    check_needs(c, config.plugins[i], infos[i]);
    resolve_config(infos[i], config.plugins[i], c.errors);
  }
  check_claims(c);
  check_events(c);
  check_listeners(c);
  sort_diagnostics(c.errors);
  return std::move(c.errors);
}

}  // namespace parley::host
