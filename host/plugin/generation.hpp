// One loaded plugin file and its one instance, with everything that is booked on it.
#pragma once

#include <atomic>
#include <map>
#include <memory>
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

/// loaded -> created -> active -> quiescing -> destroyed. [loop]
enum class generation_state { loaded, created, active, quiescing, destroyed };

/// What a descriptor's pool name means on this node; one of them is set.
struct pool_binding {
  std::string target;
  sql_pool* sql = nullptr;
  worker_pool* workers = nullptr;
  cache_backend* cache = nullptr;
};

class generation : public parley_generation {
 public:
  generation(node_services& services, const plugin_config& config, plugin_info info, std::unique_ptr<library> lib,
             std::uint32_t number, std::map<std::string, plugin_setting> settings);
  ~generation();

  /// Makes the instance and lets it test itself. [loop]
  result<void> create();
  /// Once it has no pins left. [loop]
  void destroy();

  static generation& of(parley_generation* self) { return *static_cast<generation*>(self); }

  const std::string& name() const { return info_.name; }
  std::uint32_t number() const { return number_; }
  const plugin_info& info() const { return info_; }
  const plugin_config& config() const { return config_; }
  const parley_plugin_descriptor& descriptor() const { return *library_->descriptor(); }
  void* instance() const { return instance_; }
  /// Null when the table of the crash handler is full.
  const crash::generation_entry* crash_entry() const { return crash_.entry(); }
  node_services& services() const { return services_; }
  spdlog::logger& log() const { return *log_; }
  const std::map<std::string, plugin_setting>& settings() const { return settings_; }

  generation_state state = generation_state::loaded;
  list_head pins;
  std::size_t pin_count = 0;
  std::uint64_t calls = 0;
  std::uint64_t errors = 0;
  host::account account;
  std::map<std::string, pool_binding, std::less<>> pools;
  std::vector<lane*> lanes;                // by index in the descriptor; the node owns them
  std::vector<metric_cell*> metric_cells;  // id - 1

  /// By descriptor name; null when it was not declared.
  const pool_binding* pool(const char* pool_name) const;

 private:
  node_services& services_;
  plugin_config config_;
  plugin_info info_;
  crash::registration crash_;  // outlives the mapping
  std::unique_ptr<library> library_;
  std::uint32_t number_;
  std::map<std::string, plugin_setting> settings_;
  std::shared_ptr<spdlog::logger> log_;
  void* instance_ = nullptr;
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
