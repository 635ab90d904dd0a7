// Requests that a retired generation does not finish in time: who waits for them is answered, and goes on.
#include <algorithm>

#include "holding_fixture.hpp"
#include "support/http_client.hpp"

namespace parley::test {
namespace {

class a_generation_that_lingers : public holding_test {
 protected:
  a_generation_that_lingers()
      : holding_test("reload: {probation: 0ms, quiesce: 50ms}\n", "  - {name: login, config: {password_cost: low}}\n") {
  }
  double series(const std::string& name) { return metric(http_get(node().http_port(), "/metrics").body, name); }
  double abandoned() { return series("parley_requests_failed{why=\"abandoned\"}"); }
  /// The holder is replaced while it holds one.
  void linger() {
    ASSERT_TRUE(one_is_held());
    expect_ok(ask("reload", "holding"));
    ASSERT_TRUE(eventually([this] { return reloads().at("lingering") == 1; }));
    EXPECT_EQ(abandoned(), 1);
    EXPECT_EQ(series("parley_requests_in_flight"), 0);
    EXPECT_EQ(series("parley_answers_late"), 0);
  }
  /// What was abandoned ends at last, unheard.
  void end() {
    EXPECT_EQ(let_go(), "1, 1 late");
    EXPECT_TRUE(everything_unmapped());
    EXPECT_EQ(abandoned(), 1);
    EXPECT_EQ(series("parley_requests_in_flight"), 0);
    EXPECT_EQ(series("parley_answers_late"), 2) << "a reply and a finish";
  }
};

TEST_F(a_generation_that_lingers, answers_its_clients_once) {
  node().add_user("alice");
  chat_client alice;
  alice.log_in(node().pdu_port(), "alice");
  alice.wire().send(0x8135, 900, "");
  linger();
  const auto refused = alice.wire().answer(0x0901, 900);
  ASSERT_TRUE(refused);
  EXPECT_EQ(chat_client::read_verdict(*refused)->code, 7u) << "unavailable";
  end();
  EXPECT_TRUE(alice.wire().alive());
  EXPECT_FALSE(std::any_of(alice.wire().inbox().begin(), alice.wire().inbox().end(),
                           [](const wire_pdu& pdu) { return pdu.seq == 900; }));
}

TEST_F(a_generation_that_lingers, holds_no_session_by_its_filter) {
  client().send(0x8120, 901, "hold");
  client().send(0x8120, 902, "");
  linger();
  const auto next = client().answer(0x8129, 902);
  ASSERT_TRUE(next);
  EXPECT_EQ(next->body, "first 1") << "the one in the filter is not begun";
  end();
  EXPECT_EQ(count(), "first 2");
}

TEST_F(a_generation_that_lingers, answers_its_callers) {
  client().send(0x8120, 901, "wait");
  client().send(0x8120, 902, "");
  linger();
  const auto next = client().answer(0x8129, 902);
  ASSERT_TRUE(next);
  EXPECT_EQ(next->body, "first 1") << "the filter that called it refuses what it waited for";
  end();
}

TEST_F(a_generation_that_lingers, gives_up_what_comes_to_it_late) {
  options_.environment["ASAN_OPTIONS"] = "detect_leaks=0";  // it is never finished, which is a leak to LeakSanitizer
  client().send(0x8123, 901, "hold");
  ASSERT_TRUE(one_is_held());
  expect_ok(ask("reload"));
  ASSERT_TRUE(eventually([this] { return reloads().at("lingering") == 1; }));
  EXPECT_EQ(abandoned(), 0) << "it waits in a filter of who serves";
  EXPECT_EQ(series("parley_requests_in_flight"), 1);
  EXPECT_EQ(let_go(), "1");
  EXPECT_TRUE(eventually([this] { return abandoned() == 1; }));
  EXPECT_EQ(series("parley_requests_in_flight"), 0);
  EXPECT_EQ(count(), "first 1");
}

TEST_F(a_generation_that_lingers, gives_up_whose_session_is_gone) {
  client().send(0x8135, 901, "");
  ASSERT_TRUE(one_is_held());
  client().close();
  ASSERT_TRUE(eventually([this] { return series("parley_sessions") == 1; }));
  linger();
  end();
}

}  // namespace
}  // namespace parley::test
