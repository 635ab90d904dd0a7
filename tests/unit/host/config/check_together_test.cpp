#include "host/config/check_together.hpp"

#include <gtest/gtest.h>

namespace parley::host {
namespace {

class check_side_by_side : public testing::Test {
 protected:
  /// With a listener, and directories of its own.
  checked_node& add(const std::string& name, std::uint16_t port = 0, const std::string& bind = "127.0.0.1") {
    checked_node& node = nodes.emplace_back();
    node.config.file = name + ".yaml";
    node.config.name = name;
    node.config.name_at = {node.config.file, 1, 8};
    node.config.data = "/nowhere/" + name;
    node.config.data_at = {node.config.file, 2, 8};
    listener_config& listener = node.config.listeners.emplace_back();
    listener.at = {node.config.file, 5, 5};
    listener.name = "clients";
    listener.bind = bind;
    listener.port = port;
    return node;
  }
  void serve(checked_node& node, const std::string& plugin, std::uint16_t command) {
    plugin_config& config = node.config.plugins.emplace_back();
    config.name = plugin;
    config.at = {node.config.file, 9, 5};
    plugin_info& info = node.infos.emplace_back();
    info.name = plugin;
    info.commands = {{command, PARLEY_OPEN, ""}};
  }
  std::vector<std::string> errors() const {
    std::vector<std::string> out;
    for (const diagnostic& e : check_together(nodes)) out.push_back(e.to_string());
    return out;
  }
  using lines = std::vector<std::string>;

  std::vector<checked_node> nodes = [] {
    std::vector<checked_node> out;
    out.reserve(8);  // add() hands out references
    return out;
  }();
};

TEST_F(check_side_by_side, nodes_that_share_nothing_are_well) {
  add("a", 8000);
  add("b", 8001);
  add("c", 0);
  add("d", 0);
  EXPECT_EQ(errors(), lines{});
}

TEST_F(check_side_by_side, two_nodes_of_one_name) {
  add("a");
  add("b").config.name = "a";
  EXPECT_EQ(errors(), lines{"b.yaml:1:8: a second node is named \"a\", the first is node a (a.yaml:1): give each a "
                            "node.name of its own"});
}

TEST_F(check_side_by_side, a_name_that_is_missing_counts_only_where_nothing_else_is_wrong) {
  add("a").config.name_at = {};
  add("a").config.name_at = {};
  nodes[1].config.data = "/nowhere/b";
  EXPECT_EQ(errors().size(), 1u);
  EXPECT_TRUE(errors().at(0).starts_with("a.yaml:1:1: a second node"));
  nodes[1].faultless = false;
  EXPECT_EQ(errors(), lines{});
}

TEST_F(check_side_by_side, ports_that_meet_are_told_and_those_that_do_not_are_not) {
  const auto together = [&](const std::string& one, const std::string& other) {
    nodes.clear();
    add("a", 8000, one);
    add("b", 8000, other);
    return errors().size();
  };
  EXPECT_EQ(together("127.0.0.1", "127.0.0.1"), 1u);
  EXPECT_EQ(errors(), lines{"b.yaml:5:5: listener clients binds 127.0.0.1:8000, which listener clients of node a "
                            "(a.yaml:5) has: give it another port"});
  EXPECT_EQ(together("127.0.0.1", "0.0.0.0"), 1u);
  EXPECT_EQ(together("::", "127.0.0.1"), 1u);
  EXPECT_EQ(together("::1", "0:0:0:0:0:0:0:1"), 1u);
  EXPECT_EQ(together("::1", "0.0.0.0"), 0u);
  EXPECT_EQ(together("127.0.0.1", "127.0.0.2"), 0u);
}

TEST_F(check_side_by_side, nodes_on_different_machines_may_have_the_same_port_and_directory) {
  add("a", 8000, "0.0.0.0");
  add("b", 8000, "0.0.0.0");
  nodes[1].config.data = nodes[0].config.data;
  EXPECT_EQ(errors().size(), 2u);
  nodes[0].config.listeners[0].advertise = "a.example";
  EXPECT_EQ(errors().size(), 2u) << "b says nothing of where it is";
  nodes[1].config.listeners[0].advertise = "b.example";
  EXPECT_EQ(errors(), lines{});
  nodes[1].config.listeners[0].advertise = "a.example";
  EXPECT_EQ(errors().size(), 2u);
}

TEST_F(check_side_by_side, one_data_directory_in_two_spellings) {
  add("a");
  add("b").config.data = "/nowhere/x/../a/";
  EXPECT_EQ(errors(), lines{"b.yaml:2:8: the data directory \"/nowhere/x/../a/\" is that of node a (a.yaml:2) too: "
                            "give each a node.data of its own"});
}

TEST_F(check_side_by_side, one_control_socket) {
  add("a").config.control = "/run/parley.sock";
  add("b").config.control = "/run/parley.sock";
  EXPECT_EQ(errors().size(), 1u);
  nodes[1].config.control = "/run/other.sock";
  EXPECT_EQ(errors(), lines{});
  nodes[1].config.control = "/nowhere/a/parleyd.sock";  // a's own would be this if it named none
  nodes[0].config.control.clear();
  EXPECT_EQ(errors().size(), 1u);
}

TEST_F(check_side_by_side, a_pool_without_credentials) {
  add("a");
  sql_pool_config& pool = add("b").config.sql.emplace_back();
  pool.at = {"b.yaml", 7, 3};
  pool.name = "main";
  pool.url = "mysql://parley@db/parley";
  ASSERT_EQ(errors().size(), 1u);
  EXPECT_TRUE(errors()[0].starts_with("b.yaml:7:3: pool main goes to a database server by TCP as \"parley\""));
  pool.url = "mysql://parley@/parley?socket=/run/mysqld/mysqld.sock";
  EXPECT_EQ(errors(), lines{});
  pool.url = "mysql://parley:secret@db1,db2/parley";
  EXPECT_EQ(errors(), lines{});
}

TEST_F(check_side_by_side, in_a_cluster_another_node_may_serve_what_a_listener_lets_in) {
  checked_node &edge = add("edge"), &logic = add("logic");
  for (checked_node* node : {&edge, &logic}) node->config.cluster.redis = "shop";
  edge.config.listeners[0].commands = {{0x0301, 0x0301}};
  edge.config.listeners[0].command_marks = {{"edge.yaml", 6, 5}};
  serve(logic, "message", 0x0301);
  EXPECT_EQ(errors(), lines{});
  EXPECT_EQ(check_plugins(edge.config, edge.infos).size(), 0u) << "an edge by itself cannot know";
  logic.infos[0].commands[0].id = 0x0302;
  EXPECT_EQ(errors(), lines{"edge.yaml:6:5: listener clients lets 0x0301 in, of which no node of the cluster serves "
                            "anything: remove it, or add the plugin that serves it"});
  logic.config.cluster.redis = "other";
  EXPECT_EQ(errors().size(), 1u) << "another cluster's node was counted";
  logic.config.cluster = edge.config.cluster;
  logic.infos[0].name.clear();
  EXPECT_EQ(errors(), lines{}) << "what could not be read may serve it";
}

TEST_F(check_side_by_side, in_a_cluster_an_sqlite_file_is_for_a_node_that_is_alone_with_it) {
  checked_node &one = add("one"), &two = add("two");
  for (checked_node* node : {&one, &two}) node->config.cluster.redis = "shop";
  sql_pool_config& file = one.config.sql.emplace_back();
  file.at = {"one.yaml", 7, 3};
  file.name = "main";
  file.url = "sqlite://./parley.db";
  EXPECT_EQ(errors(), lines{});
  two.config.sql.emplace_back().url = "mysql://parley:secret@db/parley";
  ASSERT_EQ(errors().size(), 1u);
  EXPECT_TRUE(errors()[0].starts_with("one.yaml:7:3: pool main is an SQLite file, which is node one's alone"));
  two.config.cluster.redis = "another";
  EXPECT_EQ(errors(), lines{});
}

TEST_F(check_side_by_side, in_a_cluster_a_command_has_one_owner) {
  checked_node &one = add("one"), &two = add("two");
  serve(one, "message", 0x0301);
  serve(two, "messages", 0x0301);
  EXPECT_EQ(errors(), lines{}) << "these have nothing to do with each other";
  for (checked_node* node : {&one, &two}) node->config.cluster.redis = "shop";
  ASSERT_EQ(errors().size(), 1u);
  EXPECT_TRUE(errors()[0].starts_with("two.yaml:9:5: plugin messages claims command 0x0301, which plugin message"));
  two.infos[0].name = "message";
  EXPECT_EQ(errors(), lines{});
}

}  // namespace
}  // namespace parley::host
