// The processes of an episode: nodes and what they stand on.
#pragma once

#include <memory>
#include <vector>

#include "crash/options.hpp"
#include "crash/shim/shim_handle.hpp"
#include "crash/workload/role.hpp"
#include "crash/workload/stage.hpp"
#include "support/commit_proxy.hpp"
#include "support/mariadb.hpp"
#include "support/redis_server.hpp"
#include "support/server.hpp"

namespace parley::crash {

class scene {
 public:
  /// Starts everything and makes the people and groups of `who`. Throws test::failure.
  scene(const options& o, database_kind database, stage& on, const cast& who);
  ~scene();

  test::server& node(std::size_t i) { return *nodes_[i]->server; }
  std::size_t nodes() const { return nodes_.size(); }
  /// Null without a shim.
  shim_handle* node_shim(std::size_t i) { return nodes_[i]->shim.get(); }

  /// Then only a loss of everything leaves files that can be opened.
  bool disks_lie() const { return options_.broken == sabotage::lying_disk; }

  /// Then only what was committed and not answered can go wrong.
  bool lookup_is_off() const { return options_.broken == sabotage::no_commit_lookup; }

  /// Only when the nodes use MariaDB; they reach it through the proxy.
  test::mariadb& database() { return *mariadb_; }
  test::commit_proxy& proxy() { return *proxy_; }
  /// Null without a shim.
  shim_handle* database_shim() { return mariadb_shim_.get(); }

  /// Every node's cache.
  test::redis_server& redis() { return redis_; }

  /// Clients are told that it is away, and it is killed.
  void kill(std::size_t i);
  /// It serves, and clients are told where.
  void start(std::size_t i);
  /// SIGTERM; complains when that does not end well.
  void terminate(std::size_t i);

  /// Complains about nodes that ended by themselves, and starts them.
  void watch();
  /// Nothing misbehaves any more; all nodes serve.
  void mend();
  /// Ends the nodes and looks at what they leave behind; complaints go to the stage.
  void close();
  std::string log() const;

 private:
  struct one_node {
    test::temp_dir data;
    std::unique_ptr<shim_handle> shim;
    std::unique_ptr<test::server> server;
  };

  std::map<std::string, std::string> environment(const one_node& of) const;
  void start_mariadb();
  void check_mariadb();
  void make_people(const cast& who);
  void make_group(std::uint16_t port, const std::vector<std::size_t>& members);

  const options& options_;
  stage& stage_;
  test::redis_server redis_;
  std::unique_ptr<shim_handle> mariadb_shim_;
  std::unique_ptr<test::mariadb> mariadb_;
  std::unique_ptr<test::commit_proxy> proxy_;
  std::vector<std::unique_ptr<one_node>> nodes_;
};

/// Sleeps.
void rest(std::uint64_t ms);

}  // namespace parley::crash
