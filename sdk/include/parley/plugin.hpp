// A plugin: a class, constexpr tables of what it serves, and PARLEY_PLUGIN to put both into the one exported
// descriptor. plugins/echo is the one to copy.
#pragma once

#include "call.hpp"
#include "config.hpp"
#include "edge.hpp"
#include "event.hpp"
#include "log.hpp"
#include "metrics.hpp"
#include "operate.hpp"
#include "request.hpp"
#include "session.hpp"
#include "status.hpp"
#include "tables.hpp"
#include "task.hpp"

namespace parley {

/// What a plugin's constructor gets; keep nothing of it but what plugin copies.
class context {
 public:
  context(parley_generation* self, const parley_host* host) : edge_(self, host) {}
  const parley::edge& edge() const { return edge_; }

 private:
  parley::edge edge_;
};

/// Base of every plugin. Lives on the loop. A constructor that throws fails the load with its text.
class plugin {
 public:
  explicit plugin(const context& ctx) : edge_(ctx.edge()) {}
  plugin(const plugin&) = delete;
  plugin& operator=(const plugin&) = delete;
  virtual ~plugin() = default;

  /// Checks itself before it serves.
  virtual status self_test() { return status::ok; }

  /// Checks what it needs of its sql pools, once self_test() is content. In the trial before a reload a pool is one
  /// connection that only reads, and tables that its own pending migrations add are not there yet; where it is loaded,
  /// they are. Anything but ok refuses, and so does what it throws.
  virtual task<status> test_database() { co_return status::ok; }

  /// What the next generation is handed, in the version that the descriptor's parley::state() names. Small: what is
  /// worth keeping stands in SQL and in session slots. It goes on living, and may be saved again.
  virtual std::string save_state() { return {}; }
  /// What an older generation saved, before this one serves; or a newer one, after a rollback. `version` is its
  /// writer's. Anything but ok refuses, and the reload with it; so does what it throws.
  virtual status restore_state([[maybe_unused]] std::uint32_t version, [[maybe_unused]] std::string_view state) {
    return status::ok;
  }

  const edge* host_edge() const { return &edge_; }

 protected:
  logger log() const { return logger(&edge_); }
  configuration config() const { return configuration(&edge_); }
  parley::sessions sessions() const { return parley::sessions(&edge_); }
  publisher events() const { return publisher(&edge_); }
  parley::calls calls() const { return parley::calls(&edge_); }
  /// The verbs that the manifest's `may_operate` grants.
  parley::operations operate() const { return parley::operations(&edge_); }
  /// For this plugin's own files (abi/node.h). Empty in the trial before a load.
  std::string directory() const { return std::string(view(edge_.node->directory(edge_.self))); }
  /// Whether it is this node's instance that acts on what those of all nodes hear of (abi/node.h).
  bool responsible_for(std::uint64_t key) const { return edge_.node->responsible(edge_.self, key) != 0; }
  std::uint64_t now_ms() const { return edge_.host->now_ms(edge_.self); }
  std::uint32_t unix_s() const { return static_cast<std::uint32_t>(edge_.host->unix_ms(edge_.self) / 1000); }

 private:
  edge edge_;
};

namespace detail {

template <class Plugin>
parley_status create(parley_generation* self, const parley_host* host, void** out) {
  try {
    context ctx(self, host);
    *out = static_cast<plugin*>(new Plugin(ctx));
    return PARLEY_OK;
  } catch (const std::exception& e) {
    if (const auto* log = static_cast<const parley_log_1*>(host->get_interface(self, PARLEY_LOG_1))) {
      log->write(self, PARLEY_LOG_ERROR, 0, bytes(e.what()));
    }
  } catch (...) {
  }
  return PARLEY_FAULT;
}

inline void destroy(void* p) {
  delete static_cast<plugin*>(p);
}

struct report_test {
  void operator()(const edge* e, std::uint64_t, status s) const { e->host->self_tested(e->self, raw(s)); }
};

inline parley_status self_test(void* p) {
  auto& self = *static_cast<plugin*>(p);
  try {
    const auto s = self.self_test();
    return s == status::ok ? run_task(self.test_database(), self.host_edge(), 0, report_test{}) : raw(s);
  } catch (...) {
    return raw(verdict_of(self.host_edge(), std::current_exception()));
  }
}

inline parley_status save(void* p, void* context, void (*sink)(void*, parley_bytes)) {
  auto& self = *static_cast<plugin*>(p);
  try {
    const std::string state = self.save_state();
    sink(context, bytes(state));
    return PARLEY_OK;
  } catch (...) {
    return raw(verdict_of(self.host_edge(), std::current_exception()));
  }
}

inline parley_status restore(void* p, std::uint32_t version, parley_bytes state) {
  auto& self = *static_cast<plugin*>(p);
  try {
    return raw(self.restore_state(version, view(state)));
  } catch (...) {
    return raw(verdict_of(self.host_edge(), std::current_exception()));
  }
}

/// Stands among the tables, though it is none.
struct state_handoff {
  std::uint32_t version;
  constexpr void put(parley_plugin_descriptor& d) const {
    d.state_version = version;
    d.save = save;
    d.restore = restore;
  }
};

template <class Plugin, class... Tables>
constexpr parley_plugin_descriptor describe(const char* name, const char* version, const char* summary,
                                            const Tables&... tables) {
  parley_plugin_descriptor d{};
  d.size = sizeof d;
  d.abi_major = PARLEY_ABI_MAJOR;
  d.abi_minor = PARLEY_ABI_MINOR;
  d.name = name;
  d.version = version;
  d.summary = summary;
  d.interfaces = sdk_interfaces.raw();
  d.create = create<Plugin>;
  d.destroy = destroy;
  d.self_test = self_test;
  (tables.put(d), ...);
  return d;
}

}  // namespace detail

/// Generations hand their state over, written in this version of the plugin's own format.
constexpr detail::state_handoff state(std::uint32_t version) {
  return {version};
}

}  // namespace parley

/// Once per plugin, at namespace scope: the class, its name, version, one line of summary, and its tables in any order.
#define PARLEY_PLUGIN(type, name, version, summary, ...)                                                     \
  extern "C" __attribute__((visibility("default"))) constinit const parley_plugin_descriptor parley_plugin = \
      ::parley::detail::describe<type>(name, version, summary __VA_OPT__(, ) __VA_ARGS__);
