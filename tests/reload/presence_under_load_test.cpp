#include <parley/commands.hpp>

#include <atomic>
#include <map>
#include <optional>
#include <thread>

#include "fixture.hpp"

namespace parley::test {
namespace {

using IM::BaseDefine::UserStatType;

/// Hears of others by 0x0203: of each user in turns that it came and that it went.
class witness {
 public:
  explicit witness(chat_client& who) : who_(who) {}

  /// Waits until that is the newest about the user.
  void await(std::uint32_t user, UserStatType status) {
    while (!newest_.contains(user) || newest_[user] != status) {
      const auto next = who_.wire().next_of(cid::buddy_list_status_notify);
      if (!next) throw failure("nobody said that user " + std::to_string(user) + " is " + std::to_string(status));
      hear(*next);
    }
  }
  /// Everything that has come by now.
  void catch_up() {
    if (!who_.wire().alive()) throw failure("disconnected");
    for (const auto& pdu : who_.wire().inbox()) {
      if (pdu.command == cid::buddy_list_status_notify) hear(pdu);
    }
    who_.wire().inbox().clear();
  }
  std::uint32_t count() const { return count_; }

 private:
  void hear(const wire_pdu& pdu) {
    const auto notify = read<IM::Buddy::IMUserStatNotify>(pdu);
    take(notify.user_stat());
    for (const auto& one : notify.more()) take(one);
  }
  void take(const IM::BaseDefine::UserStat& one) {
    const auto [at, first] = newest_.try_emplace(one.user_id(), one.status());
    if (!first && at->second == one.status())
      throw failure("told twice that user " + std::to_string(one.user_id()) + " is " + std::to_string(one.status()));
    at->second = one.status();
    ++count_;
  }

  chat_client& who_;
  std::map<std::uint32_t, UserStatType> newest_;
  std::uint32_t count_ = 0;
};

/// People come and go, waited for and not, while route is replaced: each step is told, once.
TEST(presence_torture, tells_who_comes_and_goes_once) {
  constexpr int reloads = 30;
  server::options what;
  what.environment = {{"PARLEY_PROBATION", "20ms"}};
  server node(what);
  node.add_user("alice");
  const auto bob_id = node.add_user("bob"), carol_id = node.add_user("carol");
  chat_client alice;
  alice.log_in(node.pdu_port(), "alice");
  witness seen(alice);

  std::atomic<bool> stop = false;
  std::uint32_t rounds = 0, hasty_rounds = 0;
  std::string trouble, hasty_trouble;
  std::thread watched([&] {
    try {
      while (!stop) {
        chat_client bob;
        bob.log_in(node.pdu_port(), "bob");
        seen.await(bob_id, IM::BaseDefine::USER_STATUS_ONLINE);
        bob.wire().close();
        seen.await(bob_id, IM::BaseDefine::USER_STATUS_OFFLINE);
        ++rounds;
      }
    } catch (const std::exception& e) {
      trouble = e.what();
    }
  });
  std::thread hasty([&] {
    try {
      for (; !stop; ++hasty_rounds) chat_client().log_in(node.pdu_port(), "carol");
    } catch (const std::exception& e) {
      hasty_trouble = e.what();
    }
  });
  for (int i = 0; i < reloads; ++i) {
    const auto answer = node.control().call("reload", {{"name", "route"}});
    EXPECT_TRUE(answer.ok) << answer.error;
  }
  stop = true;
  watched.join();
  hasty.join();
  EXPECT_EQ(hasty_trouble, "");
  ASSERT_EQ(trouble, "");
  EXPECT_GT(rounds, 3u);
  EXPECT_GT(hasty_rounds, 3u);
  chat_client carol;
  carol.log_in(node.pdu_port(), "carol");
  seen.await(carol_id, IM::BaseDefine::USER_STATUS_ONLINE);
  carol.wire().close();
  seen.await(carol_id, IM::BaseDefine::USER_STATUS_OFFLINE);
  seen.catch_up();
  EXPECT_LE(seen.count(), 2 * (rounds + hasty_rounds + 1));
  EXPECT_EQ(node.terminate().code, 0);
  if (HasFailure()) std::cerr << last_lines(node.log(), 30) << "\n";
}

}  // namespace
}  // namespace parley::test
