#include "host/redis/redis_presence.hpp"

#include "host/net/listener.hpp"
#include "unit/host/redis/redis_fixture.hpp"

namespace parley::host {
namespace {

struct no_sink : pdu_sink {
  bool on_pdu(session&, const pdu_view&) override { return true; }
  void on_authenticated(session&) override {}
  void on_closed(session&) override {}
};

/// Sessions without a network, a link, and what it makes of them.
class presence : public testing::Test {
 protected:
  presence() {
    sessions_.on_terminal = [this](std::uint64_t user, std::uint32_t tag) { shown_.changed(user, tag); };
    EXPECT_TRUE(turn_until(loop_, [this] { return std::string_view(node_.state()) == "ok"; }));
  }
  ~presence() override {
    sessions_.each([this](session& s) { sessions_.close_now(s, "over"); });
    loop_.turn(false);
    loop_.turn(false);
    sessions_.on_terminal = nullptr;
  }
  session& online(std::uint64_t user, std::uint32_t tag) {
    auto* s = sessions_.open(listener_, [this](uv_tcp_t& tcp) { return uv_tcp_init(loop_.raw(), &tcp); });
    EXPECT_EQ(sessions_.authenticate(*s, {user, tag, PARLEY_TERMINAL}, 1), status::ok);
    return *s;
  }
  void settle() {
    loop_.turn(false);
    EXPECT_TRUE(turn_until(loop_, [this] {
      most_in_flight_ = std::max(most_in_flight_, node_.link().in_flight());
      return node_.link().up() && std::string_view(node_.state()) == "ok" && shown_.idle();
    }));
  }

  test::redis_server redis_;
  loop loop_;
  no_sink sink_;
  session_table sessions_{loop_, sink_};
  listener listener_{loop_, sessions_, {}};
  redis_cache node_{loop_, "c", *parse_redis_url(redis_.url()), test_limits};
  redis_presence shown_{loop_, sessions_, node_.link(), "n1"};
  std::size_t most_in_flight_ = 0;
};

TEST_F(presence, of_one_turn_is_written_once_and_as_it_is_in_the_end) {
  auto& one = online(5, 1);
  online(5, 17);
  sessions_.close_now(online(6, 1), "left");
  settle();
  EXPECT_EQ(redis_.hash("parley:presence:5").size(), 2u);
  EXPECT_EQ(redis_.ask({"EXISTS", "parley:presence:6"}), "0");
  EXPECT_EQ(shown_.stats().written, 2u);
  sessions_.close_now(one, "left");
  online(5, 1);
  settle();
  EXPECT_EQ(redis_.hash("parley:presence:5").size(), 2u);
  EXPECT_EQ(shown_.stats().written, 3u);
  EXPECT_EQ(shown_.stats().removed, 1u);
}

TEST_F(presence, of_one_type_lasts_as_long_as_one_such_terminal) {
  auto& one = online(5, 1);
  auto& two = online(5, 1);
  sessions_.close_now(one, "left");
  settle();
  EXPECT_EQ(redis_.hash("parley:presence:5").size(), 1u);
  sessions_.close_now(two, "left");
  settle();
  EXPECT_EQ(redis_.ask({"EXISTS", "parley:presence:5"}), "0");
}

TEST_F(presence, that_another_node_has_taken_over_is_left_to_it) {
  auto& s = online(5, 1);
  settle();
  redis_.ask({"HSET", "parley:presence:5", "1", "n11:1700000000"});
  sessions_.close_now(s, "left");
  settle();
  EXPECT_EQ(redis_.hash("parley:presence:5").at("1"), "n11:1700000000");
}

TEST_F(presence, of_ten_thousand_sessions_is_written_anew_piece_by_piece) {
  constexpr std::size_t count = 10000;
  std::vector<session*> all;
  for (std::size_t i = 0; i < count; ++i) all.push_back(&online(i + 1, 1));
  settle();
  EXPECT_EQ(redis_.count("parley:presence:*"), count);
  redis_.kill9();
  ASSERT_TRUE(turn_until(loop_, [this] { return !node_.link().up(); }));
  for (std::size_t i = 0; i < count / 2; ++i) sessions_.close_now(*all[i], "left");
  redis_.start();
  redis_.ask({"HSET", "parley:presence:1", "1", "n1:1"});
  redis_.ask({"HSET", "parley:presence:2", "1", "n1:1", "17", "n2:1", "x", "n1:1"});
  settle();
  EXPECT_EQ(redis_.count("parley:presence:*"), count / 2 + 1);
  EXPECT_EQ(redis_.ask({"EXISTS", "parley:presence:1"}), "0");
  EXPECT_EQ(redis_.hash("parley:presence:2").size(), 2u);
  EXPECT_TRUE(redis_.hash("parley:presence:10000").at("1").starts_with("n1:"));
  EXPECT_LE(most_in_flight_, 512u);
}

TEST_F(presence, that_redis_had_no_room_for_comes_when_it_has) {
  redis_.ask({"CONFIG", "SET", "maxmemory", "1"});
  online(5, 1);
  EXPECT_TRUE(turn_until(loop_, [this] { return shown_.stats().refused > 0; }));
  redis_.ask({"CONFIG", "SET", "maxmemory", "0"});
  EXPECT_TRUE(turn_until(loop_, [this] { return redis_.ask({"EXISTS", "parley:presence:5"}) == "1"; }));
}

}  // namespace
}  // namespace parley::host
