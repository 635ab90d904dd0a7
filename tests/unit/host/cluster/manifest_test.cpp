#include <gtest/gtest.h>

#include <cstdlib>

#include "host/config/manifest.hpp"

namespace parley::host {
namespace {

struct reading_cluster : testing::Test {
  reading_cluster() {
    setenv("CLUSTER_TEST_SECRET", "0123456789abcdef", 1);
    setenv("CLUSTER_TEST_SHORT", "short", 1);
  }
  manifest read(const std::string& cluster, const std::string& listeners = "[{name: l, kind: link, port: 1}]") {
    errors.clear();
    auto m = parse_manifest("cluster: " + cluster + "\nlisteners: " + listeners + "\nplugins: []\n", "m.yaml", errors);
    said.clear();
    for (const auto& e : errors) said += e.text + "\n";
    return m;
  }
  bool says(const std::string& text) const { return said.find(text) != std::string::npos; }
  const std::string whole = "{redis: \"redis://db:7000/2\", secret: \"${CLUSTER_TEST_SECRET}\"";
  std::vector<diagnostic> errors;
  std::string said;
};

TEST_F(reading_cluster, takes_what_is_whole) {
  const auto m = read(whole + ", lease: 3s, deadline: 4s, link_timeout: 1s, link_queue: 8MiB}");
  EXPECT_EQ(said, "");
  EXPECT_TRUE(m.cluster.enabled());
  EXPECT_EQ(m.cluster.secret, "0123456789abcdef");
  EXPECT_EQ(m.cluster.lease.count(), 3000);
  EXPECT_EQ(m.cluster.deadline.count(), 4000);
  EXPECT_EQ(m.cluster.link_queue, 8u << 20);
  ASSERT_EQ(m.listeners.size(), 1u);
  EXPECT_EQ(m.listeners[0].kind, listener_kind::link);
}

TEST_F(reading_cluster, knows_a_node_by_itself) {
  EXPECT_FALSE(read("none", "[]").cluster.enabled());
  EXPECT_EQ(said, "");
  read("none");
  EXPECT_TRUE(says("a listener of kind link is of no use with cluster: none")) << said;
}

TEST_F(reading_cluster, says_what_is_missing) {
  read("{}");
  EXPECT_TRUE(says("redis") && says("secret")) << said;
  read(whole + "}", "[]");
  EXPECT_TRUE(says("needs a listener of kind link")) << said;
  read(whole + "}", "[{name: a, kind: link, port: 1}, {name: b, kind: link, port: 2}]");
  EXPECT_TRUE(says("needs one listener of kind link, found 2")) << said;
}

TEST_F(reading_cluster, wants_secrets_from_the_environment_and_long_enough) {
  read("{redis: \"redis://db\", secret: in-the-file-it-stands}");
  EXPECT_TRUE(says("secrets are never in the file")) << said;
  EXPECT_FALSE(says("in-the-file-it-stands")) << "nor in a message";
  read("{redis: \"redis://db\", secret: \"${CLUSTER_TEST_NONE:-a default of some length}\"}");
  EXPECT_TRUE(says("secrets are never in the file")) << said;
  read("{redis: \"redis://db\", secret: \"${CLUSTER_TEST_SHORT}\"}");
  EXPECT_TRUE(says("at least 16 characters, found 5")) << said;
  read("{redis: \"redis://:password@db\", secret: \"${CLUSTER_TEST_SECRET}\"}");
  EXPECT_TRUE(says("secrets are never in the file")) << said;
}

TEST_F(reading_cluster, refuses_what_it_is_not) {
  read("redis://db");
  EXPECT_TRUE(says("expected none, or a map with redis: and secret:")) << said;
  read("[1]");
  EXPECT_NE(said, "");
  read(whole + ", lese: 3s}");
  EXPECT_TRUE(says("lease")) << said;
  read(whole + "}", "[{name: l, kind: link, port: 1, heartbeat: 3}]");
  EXPECT_TRUE(says("heartbeat")) << said;
  read("{redis: \"http://db\", secret: \"${CLUSTER_TEST_SECRET}\"}");
  EXPECT_NE(said, "");
}

}  // namespace
}  // namespace parley::host
