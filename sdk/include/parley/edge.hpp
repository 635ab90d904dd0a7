// The host as seen from one plugin generation: its interface tables, found once.
#pragma once

#include <stdexcept>
#include <string>

#include "abi.h"
#include "abi/cache.h"
#include "abi/call.h"
#include "abi/config.h"
#include "abi/control.h"
#include "abi/event.h"
#include "abi/http.h"
#include "abi/lane.h"
#include "abi/log.h"
#include "abi/metrics.h"
#include "abi/node.h"
#include "abi/session.h"
#include "abi/sql.h"
#include "abi/timer.h"
#include "abi/worker.h"

namespace parley {

/// Owned by the plugin instance; everything the SDK hands out points at it. Valid as long as the instance.
struct edge {
  parley_generation* self;
  const parley_host* host;
  const parley_session_1* session;
  const parley_call_1* call;
  const parley_event_1* event;
  const parley_timer_1* timer;
  const parley_sql_1* sql;
  const parley_lane_1* lane;
  const parley_cache_1* cache;
  const parley_worker_1* worker;
  const parley_http_1* http;
  const parley_control_1* control;
  const parley_log_1* log;
  const parley_metrics_1* metrics;
  const parley_config_1* config;
  const parley_node_1* node;

  edge(parley_generation* generation, const parley_host* h)
      : self(generation),
        host(h),
        session(find<parley_session_1>(PARLEY_SESSION_1)),
        call(find<parley_call_1>(PARLEY_CALL_1)),
        event(find<parley_event_1>(PARLEY_EVENT_1)),
        timer(find<parley_timer_1>(PARLEY_TIMER_1)),
        sql(find<parley_sql_1>(PARLEY_SQL_1)),
        lane(find<parley_lane_1>(PARLEY_LANE_1)),
        cache(find<parley_cache_1>(PARLEY_CACHE_1)),
        worker(find<parley_worker_1>(PARLEY_WORKER_1)),
        http(find<parley_http_1>(PARLEY_HTTP_1)),
        control(find<parley_control_1>(PARLEY_CONTROL_1)),
        log(find<parley_log_1>(PARLEY_LOG_1)),
        metrics(find<parley_metrics_1>(PARLEY_METRICS_1)),
        config(find<parley_config_1>(PARLEY_CONFIG_1)),
        node(find<parley_node_1>(PARLEY_NODE_1)) {}

  /// A table by versioned id; throws std::runtime_error naming it when the host lacks it or has an older, shorter one.
  template <class Table>
  const Table* find(const char* id) const {
    const auto* table = static_cast<const Table*>(host->get_interface(self, id));
    if (!table) throw std::runtime_error(std::string("the host has no interface ") + id);
    if (table->size < sizeof(Table))
      throw std::runtime_error(std::string("the host's ") + id + " is older than this plugin's");
    return table;
  }
};

}  // namespace parley
