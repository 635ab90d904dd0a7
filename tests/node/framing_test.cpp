// Lengths and streams that no honest client sends.
#include "node/fixture.hpp"

#include <random>

namespace parley::test {
namespace {

struct framing : node_test {};

TEST_F(framing, a_length_below_the_header_closes) {
  for (std::uint32_t length = 0; length < header_size; ++length) {
    wire_client stranger;
    stranger.connect(node().pdu_port());
    stranger.send_raw(encode_header(length, 0x0701, 1));
    EXPECT_TRUE(stranger.closed_within(answer_time)) << "length " << length;
    EXPECT_TRUE(stranger.inbox().empty()) << "length " << length;
  }
  expect_alive();
  EXPECT_EQ(count("parley_sessions_closed{reason=\"bad length\"}"), 16);
}

TEST_F(framing, a_length_below_the_header_closes_after_login_too) {
  auto bystander = user("bystander");
  for (const std::uint32_t length : {0u, 5u, 15u}) {
    auto alice = user("alice");
    alice.wire().send_raw(encode_header(length, 0x0301, 1));
    EXPECT_TRUE(alice.wire().closed_within(answer_time)) << "length " << length;
  }
  EXPECT_TRUE(bystander.wire().alive());
}

TEST_F(framing, a_length_above_the_limit_closes_at_once) {
  for (const std::uint32_t length : {(1u << 20) + 1, 0x7FFFFFFFu, 0x80000000u, 0xFFFFFFFFu}) {
    wire_client stranger;
    stranger.connect(node().pdu_port());
    stranger.send_raw(encode_header(length, 0x0103, 1));
    EXPECT_TRUE(stranger.closed_within(answer_time)) << "length " << length;
  }
  expect_alive();
}

TEST_F(framing, the_largest_legal_length_is_read) {
  auto alice = user("alice");
  const std::string body((1 << 20) - header_size, 'x');
  alice.wire().send(0x7F7F, 3, body);
  const auto refusal = alice.wire().next();
  ASSERT_TRUE(refusal);
  EXPECT_EQ(read<host::IMRefused>(*refusal).code(), 9u);
}

TEST_F(framing, announced_bytes_are_not_reserved_and_a_flood_is_not_kept) {
  expect_alive();
  const auto before = node().resident_bytes();
  std::vector<wire_client> strangers(200);
  for (auto& stranger : strangers) {
    stranger.connect(node().pdu_port());
    stranger.send_raw(encode_header(1 << 20, 0x0103, 1) + "x");
  }
  wire_client flood;
  flood.connect(node().pdu_port());
  const std::string chunk(1 << 20, '\xff');
  for (int i = 0; i < 100 && flood.send_raw(chunk); ++i) {
  }
  EXPECT_TRUE(flood.closed_within(answer_time));
  expect_alive();
#ifndef PARLEY_SANITIZED
  EXPECT_LT(node().resident_bytes(), before + (32u << 20));
#else
  (void)before;
#endif
}

TEST_F(framing, a_stranger_may_not_send_what_a_user_may) {
  wire_client stranger;
  stranger.connect(node().pdu_port());
  stranger.send_raw(encode_header((64 << 10) + 1, 0x0103, 1));
  EXPECT_TRUE(stranger.closed_within(answer_time));
  wire_client large;
  large.connect(node().pdu_port());
  large.send(0x0701, 1, std::string((64 << 10) - header_size, 'h'));
  EXPECT_TRUE(large.next_of(0x0701));
  EXPECT_EQ(count("parley_sessions_closed{reason=\"pdu too long\"}"), 1);
}

TEST_F(framing, garbage_closes_and_harms_nobody) {
  auto bystander = user("bystander");
  std::mt19937 random(20090);
  for (int round = 0; round < 50; ++round) {
    wire_client stranger;
    stranger.connect(node().pdu_port());
    std::string noise(1 + random() % 4096, '\0');
    for (char& c : noise) c = static_cast<char>(random());
    stranger.send_raw(noise);
    stranger.close();
  }
  EXPECT_TRUE(bystander.wire().alive());
}

TEST_F(framing, a_pdu_may_come_byte_by_byte) {
  wire_client slow;
  slow.connect(node().pdu_port());
  const auto beat = encode_pdu(0x0701, 77, {});
  for (const char byte : beat) ASSERT_TRUE(slow.send_raw({&byte, 1}));
  const auto echo = slow.next();
  ASSERT_TRUE(echo);
  EXPECT_EQ(echo->raw, beat);
}

TEST_F(framing, many_pdus_may_come_in_one_segment_and_be_cut_anywhere) {
  wire_client client;
  client.connect(node().pdu_port());
  std::string all;
  for (std::uint16_t seq = 1; seq <= 200; ++seq) all += encode_pdu(0x0701, seq, std::string(seq % 7, 'b'));
  for (std::size_t at = 0; at < all.size(); at += 333)
    ASSERT_TRUE(client.send_raw(std::string_view(all).substr(at, 333)));
  std::string back;
  while (back.size() < all.size()) {
    const auto next = client.next();
    ASSERT_TRUE(next) << "after " << back.size() << " of " << all.size();
    back += next->raw;
  }
  EXPECT_EQ(back, all);
}

TEST_F(framing, a_connection_that_breaks_off_in_the_middle_is_forgotten) {
  for (std::size_t size = 1; size <= header_size + 3; ++size) {
    wire_client stranger;
    stranger.connect(node().pdu_port());
    stranger.send_raw(encode_pdu(0x0103, 1, "body").substr(0, size));
    stranger.close();
  }
  EXPECT_TRUE(eventually([&] { return node().status().at("sessions") == 0; }));
}

}  // namespace
}  // namespace parley::test
