// A cluster's nodes: where they are, how they find each other, and when one of them is cut off.
#include <algorithm>

#include "crash/scene.hpp"
#include "support/socket.hpp"

namespace parley::crash {

using test::steady;

bool wants_network(const options& o) {
  const bool wanted =
      o.faults.empty() || std::find(o.faults.begin(), o.faults.end(), fault::partition) != o.faults.end();
  return o.edges > 0 && wanted && test::network::possible();
}

void scene::start_redis() {
  if (!network_) {
    redis_ = std::make_unique<test::redis_server>();
    return;
  }
  redis_port_ = test::free_port();
  redis_ = std::make_unique<test::redis_server>(std::vector<std::string>{
      "--port", std::to_string(redis_port_), "--bind", network_->here(), "--protected-mode", "no"});
}

std::string scene::redis_url() const {
  return network_ ? "redis://" + network_->here() + ":" + std::to_string(redis_port_) : redis_->url();
}

std::string scene::name(std::size_t i) const {
  if (edges() == 0) return "node " + std::to_string(i);
  return i < edges() ? "edge-" + std::to_string(i + 1) : "logic-" + std::to_string(i - edges() + 1);
}

std::string scene::address(std::size_t i) const {
  return network_ ? network_->address(i) : "127.0.0.1";
}

std::string scene::manifest(std::size_t i) const {
  if (edges() == 0) return test::all_in_one_manifest();
  return test::cluster_manifest(i < edges() ? "edge" : "logic");
}

std::map<std::string, std::string> scene::cluster_environment(std::size_t i) const {
  return {{"PARLEY_NAME", name(i)},
          {"PARLEY_REDIS", redis_url()},
          {"PARLEY_CLUSTER_SECRET", "the secret of this play"},
          {"PARLEY_BIND", address(i)},
          {"PARLEY_LINK_BIND", address(i)},
          {"PARLEY_LINK_PORT", "0"}};
}

/// Clients are told of nodes that take them.
void scene::tell_clients(std::size_t i) {
  if (i < stage_.nodes) stage_.ports[i] = node(i).pdu_port();
}

/// Until it and every other node that runs are linked.
void scene::wait_for_links(std::size_t i) {
  if (edges() == 0) return;
  const auto until = steady::now() + test::patience(test::milliseconds(20000));
  std::string missing;
  do {
    missing.clear();
    std::set<std::string> open;
    const auto told = node(i).ask("cluster");
    for (const auto& row : told.at("nodes")) {
      if (row.at("link") == "open") open.insert(row.at("name").get<std::string>());
    }
    for (std::size_t k = 0; k < nodes_.size(); ++k) {
      if (k != i && node(k).running() && !open.contains(name(k))) missing += " " + name(k);
    }
    if (missing.empty()) return;
    rest(20);
  } while (steady::now() < until);
  throw test::failure(name(i) + " has no link with" + missing + "\n" + test::last_lines(node(i).log(), 20));
}

void scene::cut(std::size_t i) {
  if (i < stage_.nodes) stage_.ports[i] = 0;
  network_->cut(i);
}

void scene::heal(std::size_t i) {
  network_->mend(i);
  wait_for_links(i);
  tell_clients(i);
}

}  // namespace parley::crash
