#include "crash/scene.hpp"

#include <poll.h>

#include <parley/commands.hpp>
#include <sstream>

#include "IM.Group.pb.h"
#include "client/blocking_client.hpp"
#include "support/chat_client.hpp"
#include "support/database.hpp"

namespace parley::crash {

void rest(std::uint64_t ms) {
  poll(nullptr, 0, static_cast<int>(ms));
}

scene::scene(const options& o, database_kind database, stage& on, const cast& who) : options_(o), stage_(on) {
  if (wants_network(o)) network_ = std::make_unique<test::network>(o.nodes);
  start_redis();
  if (database == database_kind::mariadb) start_mariadb();
  stage_.nodes = o.edges > 0 ? o.edges : o.nodes;
  stage_.surviving = o.edges > 0;
  for (std::size_t i = 0; i < o.nodes; ++i) {
    auto& one = *nodes_.emplace_back(std::make_unique<one_node>());
    if (shim_exists()) one.shim = std::make_unique<shim_handle>();
  }
  make_people(who);
  for (std::size_t i = 0; i < nodes_.size(); ++i) {
    auto& one = *nodes_[i];
    if (one.shim && o.broken == sabotage::lying_disk) one.shim->control().lies = 1;
    one.server = std::make_unique<test::server>(
        test::server::options{.manifest = manifest(i),
                              .environment = environment(i),
                              .data = one.data.path().string(),
                              .before = network_ ? network_->enter(i) : std::vector<std::string>{}});
  }
  for (std::size_t i = 0; i < nodes_.size(); ++i) {
    wait_for_links(i);
    if (i < stage_.nodes) stage_.addresses[i] = address(i);
    tell_clients(i);
  }
}

scene::~scene() {
  for (auto& port : stage_.ports) port = 0;
}

std::map<std::string, std::string> scene::environment(std::size_t i) const {
  const auto& of = *nodes_[i];
  auto out = of.shim ? of.shim->environment(of.data.path()) : std::map<std::string, std::string>{};
  out["PARLEY_LOG"] = "warn";
  out["PARLEY_CACHE"] = redis_url();
  if (mariadb_) out["PARLEY_SQL"] = test::mariadb::url_at(proxy_->port(), "parley", "", here());
  if (options_.edges > 0) out.merge(cluster_environment(i));
  if (options_.broken == sabotage::no_commit_lookup) out["PARLEY_TEST_COMMIT_LOOKUP"] = "off";
  if (options_.broken == sabotage::synchronous_off) {
    out["PARLEY_SQL"] = "sqlite://" + (of.data.path() / "parley.db").string() + "?synchronous=normal";
  }
  return out;
}

/// What is not a file to the shim is left out of the play: writes of the kernel's own.
void scene::start_mariadb() {
  test::mariadb::options how;
  if (shim_exists()) {
    mariadb_shim_ = std::make_unique<shim_handle>();
    how.environment = mariadb_shim_->environment(std::filesystem::temp_directory_path());
    how.arguments = {"--innodb-use-native-aio=0"};
    if (options_.broken == sabotage::lying_disk) mariadb_shim_->control().lies = 1;
  }
  mariadb_ = std::make_unique<test::mariadb>(how);
  proxy_ = std::make_unique<test::commit_proxy>(mariadb_->port(), here());
}

/// By a node without a shim, so that they are there whatever a lying disk forgets.
void scene::make_people(const cast& who) {
  std::map<std::string, std::string> plain;
  if (mariadb_) plain["PARLEY_SQL"] = mariadb_->url();
  test::server before({.environment = plain, .data = nodes_[0]->data.path().string()});
  for (std::size_t i = 0; i < who.peers.size(); ++i) {
    person one{"u" + std::to_string(i), 0, who.peers[i], {}};
    one.id = before.add_user(one.name);
    stage_.people.push_back(std::move(one));
  }
  for (const auto& members : who.groups) make_group(before.pdu_port(), members);
  before.terminate();
}

/// Its first member makes it, as clients do.
void scene::make_group(std::uint16_t port, const std::vector<std::size_t>& members) {
  const auto& founder = stage_.people[members.front()];
  IM::Group::IMGroupCreateReq wish;
  wish.set_user_id(founder.id);
  wish.set_group_type(IM::BaseDefine::GROUP_TYPE_TMP);
  wish.set_group_name("group of " + founder.name);
  wish.set_group_avatar("");
  std::set<std::uint32_t> wanted;
  for (const auto index : members) {
    wanted.insert(stage_.people[index].id);
    wish.add_member_id_list(stage_.people[index].id);
  }
  client::blocking_client client;
  const auto in = client.login({"127.0.0.1", port}, {founder.name, test::password_of(founder.name)});
  if (!in) throw test::failure(founder.name + " cannot log in to make a group: " + in.why().text);
  const auto made = client.ask<IM::Group::IMGroupCreateRsp>(cid::group_create_request, wish);
  if (!made || made->result_code() != 0) throw test::failure(founder.name + " cannot make a group");
  if (std::set<std::uint32_t>(made->user_id_list().begin(), made->user_id_list().end()) != wanted) {
    throw test::failure("a group was made with other members than those asked for");
  }
  stage_.members[made->group_id()] = wanted;
  for (const auto index : members) stage_.people[index].groups.push_back(made->group_id());
}

void scene::kill(std::size_t i) {
  stage_.ports[i] = 0;
  ++stage_.ends[i];
  node(i).kill9();
}

void scene::start(std::size_t i) {
  node(i).start();
  wait_for_links(i);
  tell_clients(i);
}

void scene::terminate(std::size_t i) {
  stage_.ports[i] = 0;
  ++stage_.ends[i];
  const auto end = node(i).terminate(test::milliseconds(30000));
  if (end.code != 0) stage_.complain("a node ended with " + std::to_string(end.code) + " after SIGTERM");
}

void scene::watch() {
  for (std::size_t i = 0; i < nodes_.size(); ++i) {
    if (node(i).running()) continue;
    stage_.complain("a node had ended by itself:\n" + test::last_lines(node(i).log(), 20));
    start(i);
  }
  if (mariadb_ && !mariadb_->running()) {
    stage_.complain("mariadbd had ended by itself:\n" + test::last_lines(mariadb_->log(), 60));
    mariadb_->start();
  }
}

void scene::mend() {
  for (const auto& one : nodes_) {
    if (one->shim) one->shim->mend();
  }
  watch();
}

void scene::close() {
  watch();
  for (std::size_t i = 0; i < nodes_.size(); ++i) terminate(i);
  if (mariadb_) return check_mariadb();
  const auto sound = test::database(test::database::find(node(0).data())).run("PRAGMA integrity_check");
  if (sound != "ok") stage_.complain("the database is damaged: " + sound);
}

void scene::check_mariadb() {
  const auto done =
      test::run({"mariadb-check", "--no-defaults", "--user=root", "--socket=" + mariadb_->socket(), "parley"}, {},
                test::milliseconds(60000));
  std::istringstream lines(done.output);
  for (std::string line; std::getline(lines, line);) {
    if (!line.ends_with("OK")) stage_.complain("mariadb-check says: " + line);
  }
}

std::string scene::log() const {
  std::string out;
  for (const auto& one : nodes_) {
    if (one->server) out += one->server->log();
  }
  return out;
}

}  // namespace parley::crash
