// One loaded plugin file and its one instance, with everything that is booked on it.
#pragma once

#include <atomic>
#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "host/base/log.hpp"
#include "host/base/metrics.hpp"
#include "host/config/manifest.hpp"
#include "host/config/plugin_settings.hpp"
#include "host/crash/context.hpp"
#include "host/plugin/account.hpp"
#include "host/plugin/descriptor.hpp"
#include "host/plugin/library.hpp"
#include "host/plugin/pin.hpp"

struct parley_generation {};

namespace parley::host {

class lane;
class sql_pool;
class worker_pool;
class cache_backend;
struct node_services;

/// Where it is in its life. [loop]
///
///   loaded -> created -> active -> suspended -> quiescing -> cancelling -> grace -> destroyed -> retired
///                          ^           |                          |                     |
///                          +-rollback--+                          +-----> lingering <---+
///
/// suspended: another serves; this one finishes what it has begun and can be gone back to. quiescing: nobody will go
/// back. cancelling: its waits were ended. lingering: something still runs in it, or the loader keeps it; it goes when
/// that ends.
enum class generation_state {
  loaded,
  created,
  active,
  suspended,
  quiescing,
  cancelling,
  grace,
  lingering,
  destroyed,
  retired
};

const char* to_string(generation_state s);

/// What a descriptor's pool name means on this node; one of them is set.
struct pool_binding {
  std::string target;
  sql_pool* sql = nullptr;
  worker_pool* workers = nullptr;
  cache_backend* cache = nullptr;
};

class generation : public parley_generation {
 public:
  generation(node_services& services, const plugin_config& config, std::shared_ptr<const plugin_info> info,
             std::unique_ptr<library> lib, std::uint32_t number, std::map<std::string, plugin_setting> settings);
  ~generation();

  /// Makes the instance and lets it test itself; while testing() the outcome is still to come. [loop]
  result<void> create();
  bool testing() const { return instance_ && !test_; }
  /// The plugin's own word on a test that went on. [loop]
  void tested(status outcome) {
    if (!test_) test_ = outcome;
  }
  /// ok while testing().
  result<void> test_result() const;
  /// Turns the loop until the test is over or the time is: where nothing serves yet. [loop]
  result<void> await_test(std::chrono::milliseconds longest);
  error still_testing() const;
  /// Once it has no pins left. [loop]
  void destroy();

  static generation& of(parley_generation* self) { return *static_cast<generation*>(self); }

  const std::string& name() const { return info_->name; }
  std::uint32_t number() const { return number_; }
  const plugin_info& info() const { return *info_; }
  const std::shared_ptr<const plugin_info>& shared_info() const { return info_; }
  /// The staged copy's path and build-id.
  const std::string& path() const { return path_; }
  const std::string& build_id() const { return build_id_; }
  /// What the descriptor and all functions lie in, once the instance is gone. descriptor() is dangling from then.
  std::unique_ptr<library> take_library() { return std::move(library_); }
  const plugin_config& config() const { return config_; }
  const parley_plugin_descriptor& descriptor() const { return *library_->descriptor(); }
  void* instance() const { return instance_; }
  /// Null when the table of the crash handler is full.
  const crash::generation_entry* crash_entry() const { return crash_.entry(); }
  node_services& services() const { return services_; }
  spdlog::logger& log() const { return *log_; }
  const std::map<std::string, plugin_setting>& settings() const { return settings_; }

  generation_state state = generation_state::loaded;
  bool on_trial = false;      // in a preflight: of its pools there are the sql ones, and those only read
  bool timers_held = true;    // until it serves, and once it has nothing to finish: due timers wait
  bool cancelled = false;     // nothing new is taken from it
  std::uint64_t loop_ns = 0;  // CPU time that its life cycle has taken on the loop
  list_head pins;
  std::size_t pin_count = 0;
  std::size_t timer_pins = 0;  // of these: timers, which keep it loaded but are nothing to wait for
  std::uint64_t calls = 0;
  std::uint64_t errors = 0;
  host::account account;
  std::map<std::string, pool_binding, std::less<>> pools;
  std::vector<lane*> lanes;                // by index in the descriptor; the node owns them
  std::vector<metric_cell*> metric_cells;  // id - 1
  std::string directory;                   // of its own files, once it asked

  /// Whether nothing but timers is in flight on it.
  bool idle() const { return pin_count == timer_pins; }

  /// By descriptor name; null when it was not declared.
  const pool_binding* pool(const char* pool_name) const;

 private:
  node_services& services_;
  plugin_config config_;
  std::shared_ptr<const plugin_info> info_;
  crash::registration crash_;  // outlives the mapping
  std::unique_ptr<library> library_;
  std::string path_;
  std::string build_id_;
  std::uint32_t number_;
  std::map<std::string, plugin_setting> settings_;
  std::shared_ptr<spdlog::logger> log_;
  void* instance_ = nullptr;
  std::optional<status> test_;
};

/// Items of a descriptor table whatever their stride; fields that an older plugin lacks are zero.
template <class Item>
Item table_item(const parley_table& table, std::size_t i) {
  Item item{};
  __builtin_memcpy(&item, static_cast<const char*>(table.items) + i * table.stride,
                   table.stride < sizeof item ? table.stride : sizeof item);
  return item;
}

}  // namespace parley::host
