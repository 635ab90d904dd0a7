// What is left behind by a plugin that crashes: who it was, where, and on which command.
#include "supervised.hpp"

#include <signal.h>

namespace parley::test {
namespace {

struct crash {
  std::string plugin;
  std::uint16_t command;
  std::string signal;
  std::string thread;
};

void PrintTo(const crash& c, std::ostream* out) {
  *out << c.plugin;
}

class a_crash_in_a_plugin : public testing::TestWithParam<crash> {};

TEST_P(a_crash_in_a_plugin, is_told_with_plugin_generation_command_and_place) {
  const auto& [plugin, command, signal, thread] = GetParam();
  supervised_node node(plugin);
  const auto first = node.node_pid();
  ASSERT_NO_FATAL_FAILURE(node.crash_by(command));

  const auto told = node.last_crash();
  EXPECT_EQ(told.at("plugin"), plugin);
  EXPECT_EQ(told.at("generation"), 1);
  EXPECT_EQ(told.at("signal"), signal);
  EXPECT_EQ(told.at("thread"), thread);
  EXPECT_EQ(told.at("node"), "test");
  EXPECT_EQ(told.at("pid"), first);
  EXPECT_TRUE(told.at("whole"));
  if (thread != "foreign") {  // a thread that the host did not start is nobody's command
    std::ostringstream hex;
    hex << "0x" << std::hex << command;
    EXPECT_EQ(told.at("command"), hex.str());
  }
  std::size_t in_plugin = 0;
  for (const auto& frame : told.at("frames")) {
    in_plugin += frame.at("file").get<std::string>().find("/run/" + plugin + "-") != std::string::npos;
  }
  EXPECT_GT(in_plugin, 0u) << told.dump(2);
  // Staging was cleared by the new node; the symbols of the old one must still be there.
  EXPECT_TRUE(std::filesystem::exists(told.at("file").get<std::string>())) << told.at("file");
  EXPECT_NE(told.dump().find(plugin + ".cpp:"), std::string::npos) << told.dump(2);

  EXPECT_NE(node->log().find("[supervisor] the node (pid " + std::to_string(first) + ") crashed: " + signal +
                             " in plugin " + plugin + ", generation 1"),
            std::string::npos)
      << node->log();
  EXPECT_EQ(node->terminate().code, 0);
}

INSTANTIATE_TEST_SUITE_P(each, a_crash_in_a_plugin,
                         testing::Values(crash{"crashes_in_handler", 0x8010, "SIGSEGV", "loop"},
                                         crash{"crashes_on_worker", 0x8013, "SIGSEGV", "pool"},
                                         crash{"crashes_after_resume", 0x8014, "SIGSEGV", "loop"},
                                         crash{"throws_in_thread", 0x8015, "SIGABRT", "foreign"},
                                         crash{"jumps_to_nowhere", 0x8016, "SIGSEGV", "loop"},
                                         crash{"overflows_stack", 0x8017, "SIGSEGV", "loop"}),
                         [](const auto& each) { return each.param.plugin; });

TEST(crash_records, an_uncaught_exception_is_told_with_its_text) {
  supervised_node node("throws_in_thread");
  ASSERT_NO_FATAL_FAILURE(node.crash_by(0x8015));
  EXPECT_EQ(node.last_crash().at("thrown"), "nobody catches this");
  EXPECT_EQ(node->terminate().code, 0);
}

TEST(crash_records, the_hundredth_call_is_as_good_as_the_first) {
  supervised_node node("crashes_at_hundredth");
  wire_client client;
  client.connect(node->pdu_port());
  const auto before = node.node_pid();
  for (std::uint16_t i = 1; i < 100; ++i) client.send(0x8011, i, "x");
  ASSERT_TRUE(client.alive());
  client.send(0x8011, 100, "x");
  ASSERT_TRUE(client.closed_within(milliseconds(10000)));
  ASSERT_NO_FATAL_FAILURE(node.serves_again(before));
  EXPECT_EQ(node.last_crash().at("plugin"), "crashes_at_hundredth");
  EXPECT_EQ(node.last_crash().at("command"), "0x8011");
  EXPECT_EQ(node->terminate().code, 0);
}

TEST(crash_records, a_crash_that_no_plugin_had_a_part_in_is_the_hosts) {
  supervised_node node("crashes_in_handler");
  const auto before = node.node_pid();
  kill(before, SIGSEGV);
  ASSERT_NO_FATAL_FAILURE(node.serves_again(before));
  EXPECT_TRUE(node.last_crash().at("plugin").is_null());
  EXPECT_NE(node->log().find("crashed: SIGSEGV in the host itself"), std::string::npos) << node->log();
  EXPECT_EQ(node->terminate().code, 0);
}

TEST(crash_records, are_written_without_a_supervisor_too) {
  supervised_node node("crashes_in_handler", false);
  wire_client client;
  client.connect(node->pdu_port());
  client.send(0x8010, 1, "x");
  ASSERT_TRUE(client.closed_within(milliseconds(10000)));
  EXPECT_TRUE(comes_true([&] { return !node->running(); }));
  EXPECT_NE(node->log().find("parleyd: SIGSEGV in plugin crashes_in_handler, generation 1, command 0x8010; record "),
            std::string::npos)
      << node->log();
  EXPECT_EQ(node.crashes().size(), 1u);
}

TEST(crash_records, are_bounded_in_number) {
  supervised_node node("crashes_in_handler");
  const auto directory = node->data() + "/crash";
  std::filesystem::create_directories(directory);
  for (int i = 0; i < 100; ++i) {
    const auto stem = directory + "/" + std::to_string(1700000000000 + i) + "-1";
    write_file(stem + ".crash", "parley crash record 1\ntime_ms: " + std::to_string(1700000000000 + i) + "\nend\n");
    write_file(stem + ".so", "kept");
  }
  const auto before = node.node_pid();
  kill(before, SIGABRT);
  ASSERT_NO_FATAL_FAILURE(node.serves_again(before));
  std::size_t files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(directory)) files += entry.is_regular_file();
  EXPECT_EQ(node.crashes().size(), 32u);
  EXPECT_EQ(node.crashes().front().at("signal"), "SIGABRT");
  EXPECT_LE(files, 64u);
  EXPECT_EQ(node->terminate().code, 0);
}

}  // namespace
}  // namespace parley::test
