#include "host/net/framer.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace parley::host {
namespace {

std::string pdu(std::uint16_t command, std::uint16_t seq, std::string_view body) {
  std::string out(header_size, '\0');
  store_header(out.data(), command, seq, body.size());
  out += body;
  return out;
}

std::string with_length(std::uint32_t length) {
  std::string out = pdu(0x0701, 0, "");
  for (int i = 0; i < 4; ++i) out[static_cast<std::size_t>(i)] = static_cast<char>(length >> (24 - 8 * i));
  return out;
}

struct collector {
  std::vector<std::string> bodies;
  bool operator()(const pdu_view& p) {
    bodies.emplace_back(p.body);
    return true;
  }
};

TEST(framer, writes_the_header_that_servers_send) {
  const auto bytes = pdu(0x0301, 0x1234, "ab");
  EXPECT_EQ(bytes, std::string("\0\0\0\x12\0\1\0\0\0\3\3\1\x12\x34\0\0ab", 18));
}

TEST(framer, cuts_back_to_back_pdus_without_keeping_anything) {
  framer f;
  collector got;
  EXPECT_EQ(f.feed(pdu(1, 0, "one") + pdu(2, 0, "") + pdu(3, 0, "three"), 1024, got), framing::ok);
  EXPECT_EQ(got.bodies, (std::vector<std::string>{"one", "", "three"}));
  EXPECT_EQ(f.pending(), 0u);
  EXPECT_LT(f.capacity(), 32u) << "an idle session owns no buffer";
}

TEST(framer, cuts_the_same_when_every_byte_comes_alone) {
  framer f;
  collector got;
  for (char c : pdu(1, 7, "hello") + pdu(2, 8, std::string(300, 'x')))
    EXPECT_EQ(f.feed({&c, 1}, 1024, got), framing::ok);
  EXPECT_EQ(got.bodies, (std::vector<std::string>{"hello", std::string(300, 'x')}));
}

TEST(framer, refuses_every_length_below_a_header) {
  for (std::uint32_t length = 0; length < header_size; ++length) {
    framer f;
    collector got;
    EXPECT_EQ(f.feed(with_length(length), 1024, got), framing::too_short) << length;
    EXPECT_TRUE(got.bodies.empty());
  }
}

TEST(framer, refuses_lengths_above_the_limit_at_the_fourth_byte) {
  for (std::uint32_t length : {1025u, 0x7fffffffu, 0xffffffffu}) {
    framer f;
    collector got;
    EXPECT_EQ(f.feed(with_length(length).substr(0, 4), 1024, got), framing::too_long) << length;
  }
}

TEST(framer, takes_a_pdu_of_exactly_the_limit) {
  framer f;
  collector got;
  EXPECT_EQ(f.feed(pdu(1, 0, std::string(1024 - header_size, 'y')), 1024, got), framing::ok);
  EXPECT_EQ(got.bodies.size(), 1u);
}

TEST(framer, reserves_nothing_for_what_is_only_announced) {
  framer f;
  collector got;
  EXPECT_EQ(f.feed(with_length(1 << 20), 1 << 20, got), framing::ok);
  EXPECT_LT(f.capacity(), 1024u);
}

TEST(framer, keeps_the_rest_when_the_sink_holds_and_resumes_in_order) {
  framer f;
  std::vector<std::string> got;
  auto one_by_one = [&](const pdu_view& p) {
    got.emplace_back(p.body);
    return false;
  };
  EXPECT_EQ(f.feed(pdu(1, 0, "a") + pdu(2, 0, "b") + pdu(3, 0, "c"), 1024, one_by_one), framing::ok);
  EXPECT_EQ(got, (std::vector<std::string>{"a"}));
  EXPECT_EQ(f.resume(1024, one_by_one), framing::ok);
  EXPECT_EQ(f.resume(1024, one_by_one), framing::ok);
  EXPECT_EQ(f.resume(1024, one_by_one), framing::ok);
  EXPECT_EQ(got, (std::vector<std::string>{"a", "b", "c"}));
}

}  // namespace
}  // namespace parley::host
