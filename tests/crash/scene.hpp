// The processes of an episode: nodes and what they stand on.
#pragma once

#include <memory>
#include <set>
#include <vector>

#include "crash/options.hpp"
#include "crash/shim/shim_handle.hpp"
#include "crash/workload/role.hpp"
#include "crash/workload/stage.hpp"
#include "support/commit_proxy.hpp"
#include "support/mariadb.hpp"
#include "support/network.hpp"
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
  /// Of a cluster: the first of its nodes, and all that have clients.
  std::size_t edges() const { return options_.edges; }
  std::string name(std::size_t i) const;
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
  test::redis_server& redis() { return *redis_; }

  /// Clients are told that it is away, and it is killed.
  void kill(std::size_t i);
  /// It serves, and clients are told where.
  void start(std::size_t i);
  /// SIGTERM; complains when that does not end well.
  void terminate(std::size_t i);
  /// Nothing reaches the node, nor anybody from there; clients that come anew are told that it is away.
  void cut(std::size_t i);
  /// It works with the others again.
  void heal(std::size_t i);

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

  std::map<std::string, std::string> environment(std::size_t i) const;
  void start_redis();
  std::string redis_url() const;
  std::string here() const { return network_ ? network_->here() : "127.0.0.1"; }
  std::map<std::string, std::string> cluster_environment(std::size_t i) const;
  std::string manifest(std::size_t i) const;
  std::string address(std::size_t i) const;
  void tell_clients(std::size_t i);
  void wait_for_links(std::size_t i);
  void start_mariadb();
  void check_mariadb();
  void make_people(const cast& who);
  void make_group(std::uint16_t port, const std::vector<std::size_t>& members);

  const options& options_;
  stage& stage_;
  std::unique_ptr<test::network> network_;  ///< where nodes are to be cut off
  std::unique_ptr<test::redis_server> redis_;
  std::uint16_t redis_port_ = 0;
  std::unique_ptr<shim_handle> mariadb_shim_;
  std::unique_ptr<test::mariadb> mariadb_;
  std::unique_ptr<test::commit_proxy> proxy_;
  std::vector<std::unique_ptr<one_node>> nodes_;
};

/// Whether nodes of this play are to be cut off, and this machine can do that.
bool wants_network(const options& o);

/// Sleeps.
void rest(std::uint64_t ms);

}  // namespace parley::crash
