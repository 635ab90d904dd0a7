// A node that crashes comes back, without what made it crash.
#include "supervised.hpp"

#include <signal.h>

#include <set>

#include "support/http_client.hpp"

namespace parley::test {
namespace {

struct crash_loop : testing::Test {
  void crash_three_times(supervised_node& node) {
    for (int i = 0; i < 3; ++i) ASSERT_NO_FATAL_FAILURE(node.crash_by(0x8010));
  }
  /// What somebody who can hear it is told.
  std::optional<std::uint32_t> refusal(supervised_node& node, std::uint16_t command) {
    chat_client client;
    client.log_in(node->pdu_port(), "alice");
    client.wire().send(command, 50, "x");
    const auto got = client.wire().next_of(0x0901);
    if (!got) return std::nullopt;
    return read<host::IMRefused>(*got).code();
  }
};

TEST_F(crash_loop, after_three_crashes_the_plugin_is_in_quarantine_and_the_rest_serves_on) {
  supervised_node node("crashes_in_handler");
  node->add_user("alice");
  ASSERT_NO_FATAL_FAILURE(crash_three_times(node));
  EXPECT_EQ(node.crashes().size(), 3u);

  EXPECT_EQ(node.plugin("crashes_in_handler").at("state"), "quarantined");
  EXPECT_EQ(node->status().at("quarantined"), json::array({"crashes_in_handler"}));
  EXPECT_EQ(refusal(node, 0x8010), 7u);
  wire_client stranger;  // not logged in, at level 0: no answer, and no reason to close either
  stranger.connect(node->pdu_port());
  stranger.send(0x8010, 1, "x");
  EXPECT_TRUE(stranger.alive());
  stranger.send(0x8001, 2, "");
  EXPECT_TRUE(stranger.next_of(0x8002)) << "echo does not serve any more";
  const auto metrics = http_get(node->http_port(), "/metrics").body;
  EXPECT_EQ(metric(metrics, "parley_plugin_quarantined{plugin=\"crashes_in_handler\"}"), 1);
  EXPECT_EQ(metric(metrics, "parley_requests_failed{why=\"out of service\"}"), 2);
  EXPECT_EQ(node->terminate().code, 0);
}

TEST_F(crash_loop, what_is_lifted_serves_again_and_has_three_crashes_to_go) {
  supervised_node node("crashes_in_handler");
  node->add_user("alice");
  ASSERT_NO_FATAL_FAILURE(crash_three_times(node));
  const auto before = node.node_pid();
  EXPECT_THROW(node->ask("quarantine lift", {{"name", "echo"}}), failure) << "echo is in no quarantine";
  EXPECT_EQ(node->ask("quarantine").size(), 1u);
  node->ask("quarantine lift", {{"name", "crashes_in_handler"}});
  EXPECT_EQ(node.node_pid(), before);
  EXPECT_EQ(node.plugin("crashes_in_handler").at("state"), "active");
  EXPECT_TRUE(node->ask("quarantine").empty());
  ASSERT_NO_FATAL_FAILURE(node.crash_by(0x8010));
  EXPECT_EQ(node.plugin("crashes_in_handler").at("state"), "active") << "the crashes before the lift were counted";
  EXPECT_EQ(node->terminate().code, 0);
}

TEST_F(crash_loop, a_start_by_hand_lifts_a_quarantine) {
  supervised_node node("crashes_in_handler");
  ASSERT_NO_FATAL_FAILURE(crash_three_times(node));
  EXPECT_EQ(node->terminate().code, 0);
  node->start();
  EXPECT_EQ(node.plugin("crashes_in_handler").at("state"), "active");
  EXPECT_EQ(node->terminate().code, 0);
}

TEST_F(crash_loop, a_node_that_is_killed_comes_back_too) {
  supervised_node node("crashes_in_handler");
  const auto before = node.node_pid();
  kill(before, SIGKILL);
  ASSERT_NO_FATAL_FAILURE(node.serves_again(before));
  EXPECT_NE(node->log().find("was killed by signal 9"), std::string::npos) << node->log();
  EXPECT_EQ(node->terminate().code, 0);
}

TEST_F(crash_loop, a_host_that_crashes_again_and_again_is_given_up_with_a_clear_text) {
  supervised_node node("crashes_in_handler");
  for (int i = 0; i < 5; ++i) {
    const auto before = node.node_pid();
    kill(before, SIGSEGV);
    ASSERT_NO_FATAL_FAILURE(node.serves_again(before));
  }
  kill(node.node_pid(), SIGSEGV);
  ASSERT_TRUE(comes_true([&] { return !node->running(); }));
  const auto log = node->log();
  EXPECT_NE(log.find("giving up after 6 crashes in 10 minutes"), std::string::npos) << log;
  for (const char* delay : {"in 100 ms", "in 200 ms", "in 400 ms", "in 800 ms", "in 1600 ms"}) {
    EXPECT_EQ(count_of(log, delay), 1u) << delay << "\n" << log;
  }
}

TEST(supervisor, is_what_people_start_and_the_node_its_child) {
  supervised_node node("crashes_in_handler");
  EXPECT_NE(node.node_pid(), node->pid());
  EXPECT_EQ(read_file("/proc/" + std::to_string(node->pid()) + "/comm"), "parleyd-supervi\n");
}

TEST(supervisor, takes_its_node_along_when_it_is_killed) {
  supervised_node node("crashes_in_handler");
  const auto child = node.node_pid();
  kill(node->pid(), SIGKILL);
  EXPECT_TRUE(comes_true([&] {
    // Its parent is not ours to reap: a zombie is dead enough.
    const auto state = read_file("/proc/" + std::to_string(child) + "/stat");
    return kill(child, 0) != 0 || state.find(") Z ") != std::string::npos;
  }));
}

TEST(supervisor, passes_sighup_and_sigint_on) {
  supervised_node node("crashes_in_handler");
  const auto child = node.node_pid();
  kill(node->pid(), SIGHUP);
  EXPECT_TRUE(comes_true([&] { return node->log().find("SIGHUP") != std::string::npos; }));
  EXPECT_EQ(node.node_pid(), child);
  kill(node->pid(), SIGINT);
  ASSERT_TRUE(comes_true([&] { return !node->running(); }));
  EXPECT_EQ(count_of(node->log(), "draining"), 1u);
  EXPECT_EQ(count_of(node->log(), "stopping at once"), 0u);
}

TEST(supervisor, a_service_manager_that_tells_both_does_not_cut_the_drain_short) {
  supervised_node node("crashes_in_handler");
  const auto child = node.node_pid();
  kill(node->pid(), SIGTERM);
  kill(child, SIGTERM);
  ASSERT_TRUE(comes_true([&] { return !node->running(); }));
  EXPECT_EQ(count_of(node->log(), "stopping at once"), 0u) << node->log();
}

TEST(supervisor, ends_with_the_code_of_a_node_that_could_not_start) {
  temp_dir scratch;
  const auto manifest = (scratch.path() / "manifest.yaml").string();
  write_file(manifest, small_manifest("  - nobody\n"));
  const auto got = run({parleyd(), "run", manifest}, {{"PARLEY_DATA", (scratch.path() / "data").string()}});
  EXPECT_EQ(got.end.code, 2) << got.output;
  EXPECT_EQ(got.output.find("[supervisor]"), std::string::npos) << got.output;
}

TEST(probation, a_crash_in_it_starts_the_build_before_until_there_is_a_newer_one) {
  supervised_node node("crashes_in_handler");
  // As the handler leaves it when a generation that was reloaded crashes in its probation.
  const auto stem = node->data() + "/crash/1700000000001-1";
  std::filesystem::create_directories(node->data() + "/crash");
  const auto bad = bad_plugin_file("crashes_in_handler");
  std::filesystem::copy_file(bad, stem + ".so");
  const auto previous = stem + ".previous.so";
  write_file(previous, read_file(bad) + "an older build");  // loads as well, but is not the same file
  write_file(stem + ".crash",
             "parley crash record 1\ntime_ms: 1700000000001\nsignal: SIGSEGV\nplugin: crashes_in_handler\n"
             "generation: 2\nfile: " +
                 stem + ".so\nprevious_file: " + previous + "\nend\n");
  const auto before = node.node_pid();
  kill(before, SIGKILL);
  ASSERT_NO_FATAL_FAILURE(node.serves_again(before));
  const auto kept = node->data() + "/kept/crashes_in_handler.so";
  EXPECT_EQ(read_file(kept), read_file(previous));
  auto loaded = [&] {
    std::string maps;
    for (const auto& entry : std::filesystem::directory_iterator(node->data() + "/run")) {
      if (entry.path().filename().string().starts_with("crashes_in_handler")) maps = read_file(entry.path());
    }
    return maps;
  };
  EXPECT_EQ(loaded(), read_file(previous)) << "the build that crashed is loaded again";
  ASSERT_EQ(node->ask("quarantine").size(), 1u);
  EXPECT_EQ(node->ask("quarantine").front().at("state"), "the build before is loaded");

  // It holds over a start by hand.
  EXPECT_EQ(node->terminate().code, 0);
  node->start();
  EXPECT_EQ(loaded(), read_file(previous));
  EXPECT_EQ(node->terminate().code, 0);
}

TEST(accounts, calls_latencies_and_stalls_are_told_per_plugin) {
  supervised_node node("stalls");
  wire_client client;
  client.connect(node->pdu_port());
  for (std::uint16_t i = 0; i < 50; ++i) client.send(0x8001, i, "");
  ASSERT_TRUE(client.alive());
  client.send(0x8018, 1, "x");
  ASSERT_TRUE(client.alive(milliseconds(5000)));
  ASSERT_TRUE(comes_true([&] { return node.plugin("stalls").at("stalls") == 1; }));
  EXPECT_NE(node->log().find("by plugin stalls gen 1, command 0x8018"), std::string::npos) << node->log();

  const auto text = http_get(node->http_port(), "/metrics").body;
  const std::string echo = "{plugin=\"echo\",generation=\"1\"", slow = "{plugin=\"stalls\",generation=\"1\"";
  EXPECT_EQ(metric(text, "parley_plugin_calls" + echo + "}"), 50);
  EXPECT_EQ(metric(text, "parley_plugin_stalls" + slow + "}"), 1);
  EXPECT_GE(metric(text, "parley_plugin_latency_seconds_count" + echo + "}"), 1);
  EXPECT_EQ(metric(text, "parley_plugin_latency_seconds_count" + slow + "}"), 1);
  EXPECT_EQ(metric(text, "parley_plugin_latency_seconds_bucket" + slow + ",le=\"0.067108864\"}"), 0);
  EXPECT_GE(metric(text, "parley_plugin_step_seconds_sum" + slow + "}"), 0.4);

  const auto once = run({parleyctl(), "--socket", node->socket_path(), "--json", "top", "--once"});
  ASSERT_EQ(once.end.code, 0) << once.output;
  const auto top = json::parse(once.output);
  std::set<std::string> named;
  for (const auto& p : top.at("plugins")) named.insert(p.at("plugin"));
  EXPECT_EQ(named, (std::set<std::string>{"echo", "login", "stalls"}));
  EXPECT_EQ(node->terminate().code, 0);
}

}  // namespace
}  // namespace parley::test
