// The plugins of a node: from files to serving generations, and back.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "host/config/plugin_settings.hpp"
#include "host/node/pools.hpp"
#include "host/node/services.hpp"
#include "host/node/serving.hpp"
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
  /// They serve.
  void activate(serving tables);
  /// What is in flight on whoever served, adopted ones included, is cut off. Takes everything back; generations with
  /// pins left are named in the log and leaked, never unmapped.
  void retire();

  /// The directory of staged copies.
  const std::string& staging() const { return staging_; }
  /// Looks up what its descriptor needs; lanes are those that the generation before it had.
  void bind_pools(generation& g);
  /// Keeps one that was made elsewhere.
  void adopt(std::unique_ptr<generation> g) {
    if (g) generations_.push_back(std::move(g));
  }
  /// Hands one over, which is active no longer.
  std::unique_ptr<generation> release(generation& g);
  void set_active(std::vector<generation*> active) { active_ = std::move(active); }

  /// In the manifest's order.
  const std::vector<generation*>& active() const { return active_; }
  /// Those in quarantine that do not serve, when `active` do.
  away_plugins away(const std::vector<generation*>& active) const;
  /// Whether anything but timers is in flight on a plugin.
  bool busy() const;

 private:
  void make(const plugin_config& config, const std::string& file, const plugin_settings& settings,
            std::vector<diagnostic>& errors);

  node_services& services_;
  pools& pools_;
  std::string staging_;
  std::chrono::milliseconds longest_test_{0};
  std::vector<std::unique_ptr<generation>> generations_;
  std::vector<generation*> active_;
  away_plugins left_out_;  // in quarantine when the node started
};

}  // namespace parley::host
