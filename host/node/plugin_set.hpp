// The plugins of a node: from files to serving generations, and back.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "host/config/plugin_settings.hpp"
#include "host/node/pools.hpp"
#include "host/node/services.hpp"
#include "host/plugin/generation.hpp"

namespace parley::host {

/// [loop]
class plugin_set {
 public:
  plugin_set(node_services& services, pools& p) : services_(services), pools_(p) {}
  plugin_set(const plugin_set&) = delete;
  ~plugin_set();

  /// Describes, checks, stages, loads, migrates and creates every plugin of the manifest; `errors` gets all that is
  /// wrong and then nothing serves. Runs before the loop does.
  void load(const manifest& m, const std::string& executable, std::vector<diagnostic>& errors);
  /// Takes the dispatch table, events and verbs.
  void activate();
  /// Takes everything back; generations with pins left are named in the log and leaked, never unmapped.
  void retire();

  /// In the manifest's order.
  const std::vector<generation*>& active() const { return active_; }
  /// Those in quarantine, which are not loaded.
  std::vector<const plugin_info*> away() const;
  /// Loads one of them after all. On an error it stays where it is. Blocks as long as its migrations take.
  result<void> leave_quarantine(const std::string& name);
  /// Whether anything but timers is in flight on a plugin.
  bool busy() const;

 private:
  void make(const plugin_config& config, const std::string& file, const plugin_settings& settings,
            std::vector<diagnostic>& errors);
  void bind_pools(generation& g);
  struct left_out {
    plugin_config config;
    std::string file;
    plugin_settings settings;
    plugin_info info;
  };
  result<void> migrate(generation& g);

  node_services& services_;
  pools& pools_;
  std::string staging_;
  std::vector<std::unique_ptr<generation>> generations_;
  std::vector<generation*> active_;
  std::vector<left_out> left_out_;
  std::vector<std::string> order_;  // the manifest's
};

}  // namespace parley::host
