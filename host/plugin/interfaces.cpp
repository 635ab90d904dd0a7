#include "host/plugin/interfaces.hpp"

#include "host/plugin/plugin_frame.hpp"

#include <cstdio>
#include <cstdlib>
#include <memory>

#include "host/node/services.hpp"

namespace parley::host {

namespace {

struct named_interface {
  std::string_view id;
  const void* (*table)();
};

constexpr named_interface all[] = {
    {"parley.session/1", session_interface}, {"parley.call/1", call_interface},
    {"parley.event/1", event_interface},     {"parley.timer/1", timer_interface},
    {"parley.sql/1", sql_interface},         {"parley.lane/1", lane_interface},
    {"parley.cache/1", cache_interface},     {"parley.worker/1", worker_interface},
    {"parley.http/1", http_interface},       {"parley.control/1", control_interface},
    {"parley.log/1", log_interface},         {"parley.metrics/1", metrics_interface},
    {"parley.config/1", config_interface},   {"parley.node/1", node_interface},
    {"parley.operate/1", operate_interface},
};

const void* get_interface(parley_generation* self, const char* id) {
  const std::string_view wanted = id ? id : "";
  for (const auto& i : all) {
    if (i.id == wanted) return i.table();
  }
  std::string there;
  for (const auto& i : all) there += (there.empty() ? "" : ", ") + std::string(i.id);
  generation::of(self).log().error("wants the interface {}, which this host does not have; it has {}",
                                   printable(wanted), there);
  return nullptr;
}

// uv_now is the loop's; other threads read the clock itself.
std::uint64_t now_ms(parley_generation* self) {
  auto& l = generation::of(self).services().loop;
  return l.on_loop_thread() ? l.now_ms() : l.now_ms_anywhere();
}

std::uint64_t unix_ms(parley_generation* self) {
  return generation::of(self).services().loop.wall_ms();
}

struct posted {
  pin owner;
  generation* of;
  void (*fn)(void*);
  void* context;
  std::uint32_t command;
};

void post(parley_generation* self, void (*fn)(void*), void* context) {
  auto& g = generation::of(self);
  auto job = std::make_shared<posted>();
  job->of = &g;
  job->fn = fn;
  job->context = context;
  job->command = crash::current.command.load(std::memory_order_relaxed);
  // From another thread the caller's own pin (its job) covers the way to the loop.
  if (g.services().loop.on_loop_thread()) job->owner.take(g, pin_kind::post, "post");
  g.services().loop.post([job] {
    const plugin_frame frame(*job->of, "post", job->command);
    job->fn(job->context);
  });
}

void self_tested(parley_generation* self, parley_status verdict) {
  on_loop(self, "self_tested").tested(static_cast<status>(verdict));
}

constexpr parley_host host_functions{
    sizeof(parley_host), PARLEY_ABI_MAJOR, PARLEY_ABI_MINOR, get_interface, now_ms, unix_ms, post, self_tested};

}  // namespace

const parley_host* host_table() {
  return &host_functions;
}

#ifdef PARLEY_ASSERT_THREADS
void assert_loop(const generation& g, const char* function) {
  if (g.services().loop.on_loop_thread()) return;
  std::fprintf(stderr, "parleyd: plugin %s called the [loop] function %s from another thread\n", g.name().c_str(),
               function);
  std::abort();
}
#endif

}  // namespace parley::host
