#include <parley/commands.hpp>

#include <atomic>
#include <thread>

#include "Parley.Friends.pb.h"
#include "fixture.hpp"

namespace parley::test {
namespace {

using namespace parley::friends;

/// Two people become friends and part, over and over, while buddy is replaced: each step is answered once, told once,
/// and counted once.
TEST(friends_under_reloads, every_step_is_answered_told_and_counted_once) {
  constexpr int reloads = 30;
  server::options what;
  what.environment = {{"PARLEY_PROBATION", "20ms"}};
  server node(what);
  const auto alice_id = node.add_user("alice");
  const auto bob_id = node.add_user("bob");
  chat_client alice, bob;
  alice.log_in(node.pdu_port(), "alice");
  bob.log_in(node.pdu_port(), "bob");

  std::atomic<bool> stop = false;
  std::uint32_t rounds = 0;
  std::string trouble;
  std::thread people([&] {
    try {
      while (!stop) {
        IMFriendAddReq add;
        add.set_peer_id(bob_id);
        if (alice.ask<IMFriendAddRsp>(cid::friends_add_req, add).friends()) trouble = "friends unasked";
        IMFriendAnswerReq answer;
        answer.set_peer_id(alice_id);
        answer.set_accept(true);
        bob.ask<IMFriendAnswerRsp>(cid::friends_answer_req, answer);
        IMFriendRemarkReq remark;
        remark.set_peer_id(bob_id);
        remark.set_remark("round " + std::to_string(rounds));
        const auto remarked = alice.ask<IMFriendRemarkRsp>(cid::friends_remark_req, remark);
        if (remarked.revision() != 3 * rounds + 2) trouble = "revision " + std::to_string(remarked.revision());
        IM::Buddy::IMChangeSignInfoReq sign;
        sign.set_user_id(alice_id);
        sign.set_sign_info("round " + std::to_string(rounds));
        if (alice.ask<IM::Buddy::IMChangeSignInfoRsp>(cid::buddy_list_change_sign_info_request, sign).result_code())
          trouble = "no signature";
        IMFriendDeleteReq end;
        end.set_peer_id(alice_id);
        bob.ask<IMFriendDeleteRsp>(cid::friends_delete_req, end);
        ++rounds;
      }
    } catch (const std::exception& e) {
      trouble = e.what();
    }
  });
  for (int i = 0; i < reloads; ++i) {
    const auto answer = node.control().call("reload", {{"name", "buddy"}});
    EXPECT_TRUE(answer.ok) << answer.error;
  }
  stop = true;
  people.join();
  EXPECT_EQ(trouble, "");
  EXPECT_GT(rounds, 5u);
  const auto list = alice.ask<IMFriendListRsp>(cid::friends_list_req, IMFriendListReq());
  EXPECT_EQ(list.revision(), 3 * rounds);
  EXPECT_EQ(list.friends_size(), 0);
  EXPECT_EQ(bob.ask<IMFriendListRsp>(cid::friends_list_req, IMFriendListReq()).revision(), 2 * rounds);

  const auto heard = [](chat_client& who, std::uint16_t command) {
    EXPECT_TRUE(who.wire().alive());
    std::uint32_t count = 0;
    for (const auto& pdu : who.wire().inbox()) count += pdu.command == command && pdu.seq == 0;
    return count;
  };
  EXPECT_EQ(heard(bob, cid::friends_asked_notify), rounds);
  EXPECT_EQ(heard(alice, cid::friends_answered_notify), rounds);
  EXPECT_EQ(heard(alice, cid::friends_changed_notify), rounds);
  EXPECT_EQ(node.terminate().code, 0);
  if (HasFailure()) std::cerr << last_lines(node.log(), 30) << "\n";
}

}  // namespace
}  // namespace parley::test
