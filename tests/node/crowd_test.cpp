// Many clients, slow clients, clients that do not listen.
#include "node/fixture.hpp"

#include <sys/resource.h>
#include <parley/commands.hpp>

#include <thread>

#include "IM.SwitchService.pb.h"
#include "support/manifest.hpp"

namespace parley::test {
namespace {

struct crowd : node_test {};

TEST_F(crowd, of_two_thousand_at_once_is_let_in_while_others_are_served) {
  auto alice = user("alice");
  std::vector<wire_client> strangers(2000);
  auto slowest = milliseconds(0);
  for (std::size_t i = 0; i < strangers.size(); ++i) {
    strangers[i].connect(node().pdu_port());
    strangers[i].send(0x0701, 1, {});
    if (i % 100 != 0) continue;
    const auto asked = steady::now();
    ASSERT_TRUE(alice.wire().alive()) << "after " << i << " connections";
    slowest = std::max(slowest, std::chrono::duration_cast<milliseconds>(steady::now() - asked));
  }
  EXPECT_LT(slowest, patience(milliseconds(1000)));
  for (auto& stranger : strangers) ASSERT_TRUE(stranger.next_of(0x0701));
  EXPECT_EQ(node().status().at("sessions"), 2001);
  strangers.clear();
  EXPECT_TRUE(eventually([&] { return node().status().at("sessions") == 1; }));
  EXPECT_TRUE(alice.wire().alive());
}

TEST_F(crowd, one_that_never_reads_is_closed_and_costs_little) {
  auto alice = user("alice"), carol = user("carol");
  auto deaf = user("deaf", {.receive_buffer = 4096});
  const auto before = node().resident_bytes();
  IM::SwitchService::IMP2PCmdMsg shout;
  shout.set_from_user_id(alice.id());
  shout.set_to_user_id(deaf.id());
  shout.set_cmd_msg_data(std::string(4000, '!'));
  std::size_t most = 0;
  const auto gone = [&] { return count_or_0("parley_sessions_closed{reason=\"slow consumer\"}") == 1; };
  for (int i = 0; i < 8000; ++i) {
    alice.tell(cid::switch_p2p_cmd, shout);
    if (i % 200 != 0) continue;
    ASSERT_TRUE(alice.wire().alive());
    most = std::max(most, node().resident_bytes());
    if (gone()) break;
  }
  EXPECT_TRUE(eventually(gone)) << "24 MB later it is still there";
  EXPECT_TRUE(carol.wire().alive());
  EXPECT_EQ(alice.say(carol.id(), "still here").msg_id, 1u);
#ifndef PARLEY_SANITIZED
  EXPECT_LT(most, before + (48u << 20));
#else
  (void)before;
#endif
}

TEST_F(crowd, one_that_asks_without_reading_is_not_read_any_more) {
  auto greedy = user("greedy", {.receive_buffer = 4096});
  auto carol = user("carol");
  const auto before = node().resident_bytes();
  const std::string beat = encode_pdu(0x0701, 1, std::string(8000, 'h'));
  std::size_t sent = 0;
  while (sent < (64u << 20) && greedy.wire().send_raw(beat, milliseconds(500))) sent += beat.size();
  EXPECT_LT(sent, 64u << 20) << "the node read everything and kept the answers";
  EXPECT_TRUE(carol.wire().alive());
#ifndef PARLEY_SANITIZED
  EXPECT_LT(node().resident_bytes(), before + (24u << 20));
#else
  (void)before;
#endif
}

TEST_F(crowd, one_that_takes_nothing_any_more_is_closed_after_its_idle_timeout) {
  temp_dir scratch;
  options_.manifest = (scratch.path() / "short.yaml").string();
  auto text = small_manifest("  - login\n  - message\n");
  const std::string heartbeat = "heartbeat: 0x0701";
  write_file(options_.manifest, text.replace(text.find(heartbeat), heartbeat.size(), heartbeat + ", idle_timeout: 2s"));
  auto greedy = user("greedy", {.receive_buffer = 4096});
  const std::string beat = encode_pdu(0x0701, 1, std::string(8000, 'h'));
  std::size_t sent = 0;
  while (sent < (64u << 20) && greedy.wire().send_raw(beat, milliseconds(500))) sent += beat.size();
  EXPECT_TRUE(eventually([&] { return count_or_0("parley_sessions_closed{reason=\"slow consumer\"}") == 1; }))
      << node().ask("sessions").dump();
}

TEST_F(crowd, one_that_asks_a_lot_at_once_gets_it_and_keeps_nobody_waiting) {
  auto alice = user("alice"), bob = user("bob"), carol = user("carol");
  const std::string text(3000, 't');
  for (int i = 0; i < 100; ++i) ASSERT_TRUE(alice.say(bob.id(), text).acked());
  IM::Message::IMGetMsgListReq request;
  request.set_user_id(alice.id());
  request.set_session_type(IM::BaseDefine::SESSION_TYPE_SINGLE);
  request.set_session_id(bob.id());
  request.set_msg_id_begin(0);
  request.set_msg_cnt(100);
  const std::string one = encode_pdu(cid::msg_list_request, 7, request.SerializeAsString());
  std::string many;
  for (int i = 0; i < 1000; ++i) many += one;
  ASSERT_TRUE(alice.wire().send_raw(many));
  std::size_t most = 0;
  for (std::size_t pages = 0; pages < 1000; ++pages) {
    ASSERT_TRUE(alice.wire().answer(cid::msg_list_response, 7)) << "after " << pages << " pages";
    if (pages % 100 == 0) {
      most = std::max<std::size_t>(most, node().status().at("in_flight"));
      EXPECT_EQ(carol.latest(bob.id()), 0u);
    }
  }
  EXPECT_LE(most, 20u);
}

TEST_F(crowd, strangers_that_trickle_bytes_are_closed_after_fifteen_seconds) {
  auto alice = user("alice");
  std::vector<wire_client> strangers(20);
  for (auto& stranger : strangers) stranger.connect(node().pdu_port());
  const auto login = encode_pdu(0x0103, 1, std::string(200, 'x'));
  const auto begun = steady::now();
  std::size_t at = 0;
  while (steady::now() - begun < milliseconds(13000)) {
    for (auto& stranger : strangers) EXPECT_TRUE(stranger.send_raw({&login[at], 1})) << "closed too early";
    ++at;
    ASSERT_TRUE(alice.wire().alive());
    poll(nullptr, 0, 1000);
  }
  for (auto& stranger : strangers) EXPECT_TRUE(stranger.closed_within(milliseconds(6000)));
  EXPECT_TRUE(alice.wire().alive());
  EXPECT_EQ(count("parley_sessions_closed{reason=\"no login\"}"), 20);
}

TEST_F(crowd, heartbeats_do_not_keep_a_stranger_in) {
  wire_client stranger;
  expect_alive();
  stranger.connect(node().pdu_port());
  const auto begun = steady::now();
  while (stranger.alive(milliseconds(1000)) && steady::now() - begun < patience(milliseconds(25000)))
    poll(nullptr, 0, 500);
  const auto lasted = std::chrono::duration_cast<milliseconds>(steady::now() - begun);
  EXPECT_GT(lasted, milliseconds(12000));
  EXPECT_LT(lasted, milliseconds(20000));
}

TEST_F(crowd, larger_than_the_descriptors_keeps_the_old_and_turns_the_new_away) {
#ifdef __SANITIZE_ADDRESS__
  GTEST_SKIP() << "UBSan's check of object types needs a pipe of its own";
#endif
  auto alice = user("alice"), bob = user("bob");
  std::size_t open = 0;
  for ([[maybe_unused]] const auto& entry :
       std::filesystem::directory_iterator("/proc/" + std::to_string(node().pid()) + "/fd"))
    ++open;
  rlimit before{}, tight{open + 20, open + 20};
  ASSERT_EQ(prlimit(node().pid(), RLIMIT_NOFILE, nullptr, &before), 0);
  tight.rlim_max = before.rlim_max;
  ASSERT_EQ(prlimit(node().pid(), RLIMIT_NOFILE, &tight, nullptr), 0);
  std::vector<wire_client> strangers(60);
  for (auto& stranger : strangers) stranger.connect(node().pdu_port());
  std::size_t served = 0, turned_away = 0;
  for (auto& stranger : strangers) {
    const bool in = stranger.alive(milliseconds(2000));
    ++(in ? served : turned_away);
    if (!in) {
      EXPECT_TRUE(stranger.closed_within(milliseconds(2000))) << "neither served nor turned away";
    }
  }
  EXPECT_GT(served, 5u);
  EXPECT_GT(turned_away, 20u);
  EXPECT_TRUE(alice.say(bob.id(), "still here").acked());
  strangers.clear();
  ASSERT_EQ(prlimit(node().pid(), RLIMIT_NOFILE, &before, nullptr), 0);
  expect_alive();
}

TEST_F(crowd, logging_in_at_once_gets_in) {
  constexpr std::size_t users = 300, hands = 30;
  std::string csv = "name,password\n";
  for (std::size_t i = 0; i < users; ++i) csv += "u" + std::to_string(i) + ",u" + std::to_string(i) + "-secret\n";
  node().ask("users import", {{"file", csv}});
  std::vector<chat_client> everybody(users);
  std::vector<std::thread> threads;
  for (std::size_t hand = 0; hand < hands; ++hand) {
    threads.emplace_back([&, hand] {
      for (std::size_t i = hand; i < users; i += hands) {
        const auto answer = everybody[i].try_log_in(node().pdu_port(), "u" + std::to_string(i));
        EXPECT_TRUE(answer && answer->result_code() == IM::BaseDefine::REFUSE_REASON_NONE) << i;
      }
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(node().status().at("logged_in"), users);
  for (auto& one : everybody) EXPECT_TRUE(one.wire().alive());
}

}  // namespace
}  // namespace parley::test
