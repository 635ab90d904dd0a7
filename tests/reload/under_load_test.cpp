#include <atomic>
#include <cstdlib>
#include <set>
#include <thread>

#include "torture.hpp"

namespace parley::test {
namespace {

std::string from_environment(const char* name, const char* otherwise) {
  const char* value = std::getenv(name);
  return value && *value ? value : otherwise;
}

/// Messages between two users while a plugin of config/all-in-one.yaml is replaced: PARLEY_TORTURE_PLUGIN,
/// PARLEY_TORTURE_RELOADS times.
TEST(torture, loses_doubles_and_reorders_nothing) {
  const auto plugin = from_environment("PARLEY_TORTURE_PLUGIN", "message");
  const int reloads = wished_reloads();
  server::options what;
  what.environment = {{"PARLEY_PROBATION", "20ms"}};
  server node(what);
  node.add_user("alice");
  const auto bob_id = node.add_user("bob");
  chat_client alice, bob;
  alice.log_in(node.pdu_port(), "alice");
  bob.log_in(node.pdu_port(), "bob");

  std::atomic<bool> stop = false;
  int acked = 0, sent = 0;
  std::vector<std::uint32_t> ids;
  std::string trouble;
  std::thread talk([&] {
    constexpr int window = 8;
    std::set<std::uint16_t> open;
    while (!stop || !open.empty()) {
      while (!stop && open.size() < window) {
        open.insert(alice.send_text(bob_id, "message " + std::to_string(sent)));
        ++sent;
      }
      const auto got = alice.wire().next();
      if (!got) {
        trouble = "no answer with " + std::to_string(open.size()) + " open";
        return;
      }
      const auto verdict = chat_client::read_verdict(*got);
      if (!verdict) continue;
      if (!open.erase(got->seq)) trouble = "answered twice: seq " + std::to_string(got->seq);
      if (!verdict->acked()) {
        trouble = "refused with code " + std::to_string(verdict->code);
        return;
      }
      ++acked;
      ids.push_back(verdict->msg_id);
    }
  });
  int swapped = 0;
  for (int i = 0; i < reloads; ++i) {
    const auto answer = node.control().call("reload", {{"name", plugin}});
    EXPECT_TRUE(answer.ok) << answer.error;
    swapped += answer.ok;
  }
  stop = true;
  talk.join();
  EXPECT_EQ(trouble, "");
  EXPECT_EQ(swapped, reloads);
  EXPECT_GT(acked, reloads);
  EXPECT_EQ(acked, sent);
  for (std::size_t i = 0; i < ids.size(); ++i) ASSERT_EQ(ids[i], i + 1) << "acks out of order";

  // What bob got, in order, each once.
  ASSERT_TRUE(bob.wire().alive());
  int received = 0;
  for (const auto& pdu : bob.wire().inbox()) {
    if (pdu.command != 0x0301) continue;
    const auto message = read<IM::Message::IMMsgData>(pdu);
    ASSERT_EQ(message.msg_id(), static_cast<std::uint32_t>(received + 1));
    EXPECT_EQ(bob.decrypt(message.msg_data()), "message " + std::to_string(received));
    ++received;
  }
  EXPECT_EQ(received, sent);
  expect_a_clean_end(node, reloads);
}

}  // namespace
}  // namespace parley::test
