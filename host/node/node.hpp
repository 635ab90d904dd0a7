// One running node: the composition root. Parts are built in order and torn down in reverse.
#pragma once

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "host/cluster/cluster.hpp"
#include "host/control/control_server.hpp"
#include "host/control/tap.hpp"
#include "host/crash/aftermath.hpp"
#include "host/http/http_server.hpp"
#include "host/net/listener.hpp"
#include "host/net/listener_tls.hpp"
#include "host/node/data_lock.hpp"
#include "host/node/dev_watch.hpp"
#include "host/node/farewell.hpp"
#include "host/node/lifecycle.hpp"
#include "host/node/plugin_exchanges.hpp"
#include "host/node/plugin_set.hpp"
#include "host/node/pools.hpp"
#include "host/node/services.hpp"
#include "host/plugin/stall_watch.hpp"
#include "host/redis/redis_presence.hpp"

namespace parley::host {

/// starting -> ready -> draining -> stopped
enum class node_state { starting, ready, draining, stopped };

/// How a node is run: as the whole process, or as a test's in parley/testing.
struct embedding {
  bool by_hand = true;                           // no restart after a crash (crash/aftermath.hpp)
  bool dev = false;                              // replaces plugins as their files are built
  bool signals = true;                           // SIGTERM and SIGINT drain
  std::optional<std::uint64_t> virtual_unix_ms;  // a virtual clock that starts then
};

/// [loop]
class node : public directory_of_nodes {
 public:
  node(manifest m, std::string executable, embedding as = {});
  node(const node&) = delete;
  ~node() override;

  /// Everything up to listening; false when `errors` got something.
  bool start(std::vector<diagnostic>& errors);
  /// Until SIGTERM or SIGINT has drained it. Returns the exit code.
  int run();
  /// Stops taking work, finishes what is in flight within the manifest's drain timeout, then stops the loop.
  void drain();

  status least_loaded(std::string_view peer, parley_endpoint& out) override;
  status own_endpoint(std::string_view peer, parley_endpoint& out) override;
  node_state state() const { return state_; }
  node_services& services() { return services_; }
  const plugin_set& plugins() const { return plugins_; }
  const std::vector<std::unique_ptr<listener>>& listeners() const { return listeners_; }
  const std::vector<std::unique_ptr<http_server>>& http_servers() const { return http_; }
  const lifecycle& changes() const { return lifecycle_; }

 private:
  /// Decides by earlier crashes what is loaded, and says so in the log.
  void look_back();
  void show_presence();
  void join_cluster(std::vector<diagnostic>& errors);
  void listen(std::vector<diagnostic>& errors);
  void catch_signals();
  void drain_step();
  void say_farewell();
  void stop_reading();
  bool quiet() const;

  void add_verbs();                                                      // node_verbs.cpp
  void add_metrics();                                                    // node_metrics.cpp
  std::vector<route> routes_of(const std::vector<generation*>& active, const away_plugins& away);  // node_http.cpp
  void add_reload_verbs();                                               // node_reload.cpp
  void watch_builds();
  void watch_files();
  void reread_manifest();
  void apply_limits(const manifest& wanted, bool levels, const identities& tls);
  void tell_certificates() const;
  static void tell_address(const listener_config& l);
  void open_doors();
  nlohmann::ordered_json status_json();
  /// Why something is away or cannot be stored; else empty.
  std::string degraded();
  nlohmann::ordered_json quarantine_json();  // node_aftermath.cpp
  void tell_crash_handler();
  nlohmann::ordered_json top_json();
  nlohmann::ordered_json stats_json();
  void book(const stall& s);
  std::string plugin_histograms() const;  // node_accounts.cpp
  result<nlohmann::ordered_json> sessions_json(const nlohmann::ordered_json& args);
  result<nlohmann::ordered_json> cluster_json(const nlohmann::ordered_json& args);
  result<nlohmann::ordered_json> kick(const nlohmann::ordered_json& args);

  manifest manifest_;
  std::string executable_;
  embedding embedding_;
  node_state state_ = node_state::starting;
  std::uint64_t started_ms_ = 0;
  data_lock lock_;
  std::optional<crash::aftermath> aftermath_;  // from start() on
  node_services services_;
  pools pools_;
  std::vector<std::unique_ptr<redis_presence>> presence_;  // one per Redis
  std::unique_ptr<cluster> cluster_;                       // null for a node by itself
  client_endpoint own_endpoint_;
  control_server control_;
  pdu_tap tap_;
  plugin_set plugins_;
  plugin_exchanges exchanges_;
  lifecycle lifecycle_;
  std::unique_ptr<dev_watch> watch_;
  std::optional<stall_watch> stalls_;
  std::vector<std::unique_ptr<listener>> listeners_;
  std::vector<std::unique_ptr<http_server>> http_;
  std::array<uv_signal_t, 3> signals_;
  uv_timer_t drain_timer_;
  std::uint64_t drain_deadline_ms_ = 0;
  std::uint64_t drain_asked_ms_ = 0;
  std::unique_ptr<farewell> farewell_;     // while clients are sent to other nodes
  std::uint64_t sessions_closing_ms_ = 0;  // 0 = not yet
};

}  // namespace parley::host
