// call, event, timer, log, metrics, config, node: each a few lines of translation.
#include <filesystem>

#include "host/cluster/cluster.hpp"
#include "host/node/services.hpp"
#include "host/plugin/interfaces.hpp"
#include "parley/abi/call.h"
#include "parley/abi/config.h"
#include "parley/abi/event.h"
#include "parley/abi/log.h"
#include "parley/abi/metrics.h"
#include "parley/abi/node.h"
#include "parley/abi/timer.h"

namespace parley::host {

namespace {

// ---- call, event ----

parley_status call(parley_generation* self, const parley_call* what) {
  auto& g = on_loop(self, "call.call");
  if (auto no = unservable(g)) return no;
  return raw(g.services().dispatch.call(g, *what));
}
constexpr parley_call_1 call_table{sizeof(parley_call_1), 0, call};

parley_status publish(parley_generation* self, const char* name, parley_bytes body) {
  auto& g = on_loop(self, "event.publish");
  const auto& declared = g.info().events;
  if (std::find(declared.begin(), declared.end(), name) == declared.end()) {
    g.log().error("published {} without declaring it", printable(name));
    return PARLEY_NOT_ALLOWED;
  }
  g.services().events.publish(name, body, g.name());
  return PARLEY_OK;
}
std::int32_t heard(parley_generation* self, const char* name) {
  return on_loop(self, "event.heard").services().events.heard(name);
}
constexpr parley_event_1 event_table{sizeof(parley_event_1), 0, publish, heard};

// ---- timer ----

parley_timer_id start(parley_generation* self, std::uint64_t delay_ms, std::uint64_t repeat_ms, const char* origin,
                      void* context, void (*fire)(void*)) {
  auto& g = on_loop(self, "timer.start");
  return g.services().timers.start(&g, delay_ms, repeat_ms, origin, context, fire);
}
void stop(parley_generation* self, parley_timer_id id) {
  on_loop(self, "timer.stop").services().timers.stop(id);
}
constexpr parley_timer_1 timer_table{sizeof(parley_timer_1), 0, start, stop};

// ---- log ----

spdlog::level::level_enum level_of(std::uint32_t level) {
  switch (level) {
    case PARLEY_LOG_DEBUG:
      return spdlog::level::debug;
    case PARLEY_LOG_WARN:
      return spdlog::level::warn;
    case PARLEY_LOG_ERROR:
      return spdlog::level::err;
    default:
      return spdlog::level::info;
  }
}
void write(parley_generation* self, std::uint32_t level, parley_session_id session, parley_bytes text) {
  auto& g = generation::of(self);
  if (!g.log().should_log(level_of(level))) return;
  const auto line = printable(view(text));
  const log_origin origin(g.name(), g.number(), session, line);
  if (session) {
    g.log().log(level_of(level), "gen {} session {}: {}", g.number(), session, line);
  } else {
    g.log().log(level_of(level), "gen {}: {}", g.number(), line);
  }
}
std::int32_t enabled(parley_generation* self, std::uint32_t level) {
  return generation::of(self).log().should_log(level_of(level));
}
constexpr parley_log_1 log_table{sizeof(parley_log_1), 0, write, enabled};

// ---- metrics ----

std::uint32_t define(parley_generation* self, std::uint32_t kind, const char* name, const char* help) {
  auto& g = on_loop(self, "metrics.define");
  if (g.metric_cells.size() >= 256 || kind > PARLEY_HISTOGRAM) return 0;
  auto& cell = g.services().metrics.define(static_cast<metric_kind>(kind), "parley_" + g.name() + "_" + name, "", help);
  g.metric_cells.push_back(&cell);
  return static_cast<std::uint32_t>(g.metric_cells.size());
}
void add(parley_generation* self, std::uint32_t metric, std::int64_t value) {
  auto& g = generation::of(self);
  if (metric && metric <= g.metric_cells.size()) g.metric_cells[metric - 1]->add(value);
}
constexpr parley_metrics_1 metrics_table{sizeof(parley_metrics_1), 0, define, add};

// ---- config ----

const plugin_setting* setting(parley_generation* self, const char* key) {
  auto& g = generation::of(self);
  auto found = g.settings().find(key ? key : "");
  if (found != g.settings().end()) return &found->second;
  g.log().error("asked for the configuration key {}, which its descriptor does not declare", printable(key ? key : ""));
  return nullptr;
}
parley_bytes text(parley_generation* self, const char* key) {
  const auto* s = setting(self, key);
  return s ? bytes(s->text) : parley_bytes{};
}
std::int64_t number(parley_generation* self, const char* key) {
  const auto* s = setting(self, key);
  return s ? s->number : 0;
}
constexpr parley_config_1 config_table{sizeof(parley_config_1), 0, text, number};

// ---- node ----

parley_status least_loaded(parley_generation* self, parley_bytes peer, parley_endpoint* out) {
  auto* nodes = on_loop(self, "node.least_loaded").services().nodes;
  return nodes ? raw(nodes->least_loaded(view(peer), *out)) : PARLEY_UNAVAILABLE;
}
parley_status own_endpoint(parley_generation* self, parley_bytes peer, parley_endpoint* out) {
  auto* nodes = on_loop(self, "node.own_endpoint").services().nodes;
  return nodes ? raw(nodes->own_endpoint(view(peer), *out)) : PARLEY_UNAVAILABLE;
}
parley_bytes directory(parley_generation* self) {
  auto& g = on_loop(self, "node.directory");
  const auto& data = g.services().data_directory;
  if (data.empty()) return {};
  if (g.directory.empty()) {
    const auto own = std::filesystem::absolute(data) / "plugins" / g.name();
    std::error_code failed;
    std::filesystem::create_directories(own, failed);
    if (failed) g.log().error("cannot make {}: {}", own.string(), failed.message());
    g.directory = own.string();
  }
  return bytes(g.directory);
}
std::int32_t responsible(parley_generation* self, std::uint64_t key) {
  auto& g = on_loop(self, "node.responsible");
  const auto* c = g.services().cluster;
  return !c || c->responsible(g.name(), key);
}
constexpr parley_node_1 node_table{sizeof(parley_node_1), 0, least_loaded, own_endpoint, directory, responsible};

}  // namespace

const void* call_interface() {
  return &call_table;
}
const void* event_interface() {
  return &event_table;
}
const void* timer_interface() {
  return &timer_table;
}
const void* log_interface() {
  return &log_table;
}
const void* metrics_interface() {
  return &metrics_table;
}
const void* config_interface() {
  return &config_table;
}
const void* node_interface() {
  return &node_table;
}

}  // namespace parley::host
