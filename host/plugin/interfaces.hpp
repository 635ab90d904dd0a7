// The tables a plugin gets by versioned id. Each stands in a file of its own and only translates: C on one side, the
// host's parts on the other.
#pragma once

#include <string_view>

#include "host/plugin/generation.hpp"
#include "parley/abi.h"
#include "parley/bytes.hpp"

namespace parley::host {

/// What create() is handed; the same for every generation.
const parley_host* host_table();

const void* session_interface();
const void* call_interface();
const void* event_interface();
const void* timer_interface();
const void* sql_interface();
const void* lane_interface();
const void* cache_interface();
const void* worker_interface();
const void* http_interface();
const void* control_interface();
const void* log_interface();
const void* metrics_interface();
const void* config_interface();
const void* node_interface();
const void* operate_interface();

/// Asserted thread tags: aborts naming the function when a [loop] function is called elsewhere. Nothing in release
/// builds.
#ifdef PARLEY_ASSERT_THREADS
void assert_loop(const generation& g, const char* function);
#else
inline void assert_loop(const generation&, const char*) {}
#endif

/// PARLEY_OK, or why this generation can have nothing done for it now.
inline parley_status unservable(const generation& g) {
  if (g.cancelled) return PARLEY_CANCELLED;
  return g.on_trial ? PARLEY_UNAVAILABLE : PARLEY_OK;
}

/// The generation behind a [loop] call.
inline generation& on_loop(parley_generation* self, const char* function) {
  auto& g = generation::of(self);
  assert_loop(g, function);
  return g;
}

}  // namespace parley::host
