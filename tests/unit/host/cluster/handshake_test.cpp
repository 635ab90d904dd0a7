#include "host/cluster/handshake.hpp"

#include <gtest/gtest.h>

#include <deque>

#include "host/cluster/wire.hpp"

namespace parley::host {
namespace {

struct side {
  node_identity self;
  std::string secret = "a secret of the cluster";
  std::string admit_says;
  std::uint64_t clock_ms = 1000;
  std::deque<std::pair<record, std::string>> said;

  std::unique_ptr<handshake> shake(const std::string& other) {
    return std::make_unique<handshake>(handshake::setting{
        self, secret, other, [this](const node_identity&) { return admit_says; },
        [this](record r, std::string_view body) { said.emplace_back(r, body); }, [this] { return clock_ms; }});
  }
};

/// A dialer and an accepter, and what they tell each other.
struct two_sides : testing::Test {
  void talk() {
    if (!dialer) dialer = a.shake(wanted);
    if (!accepter) accepter = b.shake({});
    dialer->begin();
    while (!a.said.empty() || !b.said.empty()) {
      pass(a, *accepter);
      pass(b, *dialer);
    }
  }
  static void pass(side& from, handshake& to) {
    if (from.said.empty()) return;
    const auto [r, body] = from.said.front();
    from.said.pop_front();
    to.take(r, body);
  }
  void expect_refused(const std::string& why) {
    talk();
    ASSERT_EQ(dialer->where(), handshake::state::refused);
    ASSERT_EQ(accepter->where(), handshake::state::refused);
    EXPECT_NE(dialer->trouble().find(why), std::string::npos) << dialer->trouble();
    EXPECT_NE(accepter->trouble().find(why), std::string::npos) << accepter->trouble();
    EXPECT_NE(dialer->told(), accepter->told()) << "one of the two said it";
  }

  side a{{"edge", 10, 1}}, b{{"logic", 20, 2}};
  std::string wanted = "logic";
  std::unique_ptr<handshake> dialer, accepter;
};

using handshakes = two_sides;

TEST_F(handshakes, of_two_with_one_secret_open_and_say_who_is_who) {
  talk();
  EXPECT_EQ(dialer->where(), handshake::state::open);
  EXPECT_EQ(accepter->where(), handshake::state::open);
  EXPECT_EQ(dialer->other().name, "logic");
  EXPECT_EQ(dialer->other().incarnation, 20u);
  EXPECT_EQ(accepter->other().name, "edge");
  EXPECT_EQ(accepter->other().number, 1u);
}

TEST_F(handshakes, bound_the_other_s_clock_however_far_apart_they_are) {
  a.clock_ms = 5'000'000;
  b.clock_ms = 5'000'000 + 3'600'000;
  talk();
  EXPECT_GE(dialer->clock().latest(a.clock_ms), b.clock_ms);
  EXPECT_LE(dialer->clock().latest(a.clock_ms), b.clock_ms + 5);
  EXPECT_GE(accepter->clock().latest(b.clock_ms), a.clock_ms);
  EXPECT_LE(accepter->clock().latest(b.clock_ms), a.clock_ms + 5);
}

TEST_F(handshakes, with_another_secret_are_refused) {
  b.secret = "not that secret at all";
  expect_refused("the secrets differ");
}

TEST_F(handshakes, of_the_dialer_s_proof_are_not_answered_by_its_echo) {
  // Who does not know the secret sends back what it was sent.
  dialer = a.shake("logic");
  dialer->begin();
  a.said.clear();
  record_writer challenge;
  challenge.number(link_version).text("logic").number(20).number(2).text(make_nonce()).number(0);
  dialer->take(record::challenge, challenge.bytes());
  ASSERT_FALSE(a.said.empty());
  const auto proof = a.said.front().second;
  dialer->take(record::proof, proof);
  EXPECT_EQ(dialer->where(), handshake::state::refused);
}

TEST_F(handshakes, of_a_former_conversation_are_of_no_use) {
  talk();
  // The same dialer's words, said once more to a new accepter.
  side again = a;
  std::deque<std::pair<record, std::string>> recorded;
  auto first = a.shake("logic");
  auto listens = b.shake({});
  first->begin();
  recorded.push_back(a.said.front());
  pass(a, *listens);
  pass(b, *first);
  recorded.push_back(a.said.front());
  auto victim = b.shake({});
  b.said.clear();
  for (const auto& [r, body] : recorded) victim->take(r, body);
  EXPECT_EQ(victim->where(), handshake::state::refused);
  EXPECT_EQ(victim->trouble(), "the secrets differ");
}

TEST_F(handshakes, with_whom_it_is_not_are_refused) {
  wanted = "other";
  expect_refused("this is logic, not other");
}

TEST_F(handshakes, of_one_name_are_refused) {
  b.self.name = wanted = "edge";
  expect_refused("two nodes are named edge");
}

TEST_F(handshakes, of_one_number_are_refused) {
  b.self.number = 1;
  expect_refused("two nodes drew the number 1");
}

TEST_F(handshakes, that_the_accepter_does_not_admit_are_refused) {
  b.admit_says = "this is an old incarnation of edge";
  expect_refused("an old incarnation of edge");
}

TEST_F(handshakes, of_another_version_are_refused_whatever_else_it_says) {
  accepter = b.shake({});
  accepter->take(record::hello, record_writer().number(2).text("all is different").bytes());
  EXPECT_EQ(accepter->where(), handshake::state::refused);
  EXPECT_NE(accepter->trouble().find("versions of the link protocol differ, 1 at logic and 2"), std::string::npos)
      << accepter->trouble();
}

TEST_F(handshakes, hear_nothing_out_of_place) {
  for (const auto r : {record::challenge, record::proof, record::ping, record::command, record::reply}) {
    accepter = b.shake({});
    accepter->take(r, std::string(40, 'x'));
    EXPECT_EQ(accepter->where(), handshake::state::refused) << raw(r);
  }
  accepter = b.shake({});
  accepter->take(record::hello, std::string(3000, '\xff'));
  EXPECT_EQ(accepter->where(), handshake::state::refused);
}

TEST(proofs, are_for_one_role_and_for_these_names_only) {
  handshake_facts f{{"a", 1, 1}, {"b", 2, 2}, make_nonce(), make_nonce()};
  const auto proof = prove("secret", true, f);
  EXPECT_EQ(proof.size(), 32u);
  EXPECT_TRUE(same_proof(proof, prove("secret", true, f)));
  EXPECT_FALSE(same_proof(proof, prove("secret", false, f)));
  auto other = f;
  other.dialer.incarnation = 3;
  EXPECT_FALSE(same_proof(proof, prove("secret", true, other)));
  // Where a name ends is part of what is proved.
  auto shifted = f;
  shifted.dialer.name = "a\x01";
  EXPECT_FALSE(same_proof(proof, prove("secret", true, shifted)));
}

TEST(peer_clocks, never_show_less_than_the_other_s_does) {
  // The other's clock runs an hour behind, a little faster, and answers take from 0 to 90 ms there and back.
  const auto other = [](std::uint64_t now) { return now - 3'600'000 + now / 10000; };
  peer_clock clock;
  std::uint64_t now = 10'000'000, random = 1;
  for (int i = 0; i < 2000; ++i) {
    random = random * 6364136223846793005 + 1442695040888963407;
    const auto there = random >> 40 & 63, back = random >> 50 & 31;
    clock.answered(now, other(now + there));
    now += there + back + 1000;
    ASSERT_GE(clock.latest(now), other(now)) << i;
    ASSERT_LE(clock.latest(now), other(now) + 64 + 15) << i;
  }
}

}  // namespace
}  // namespace parley::host
