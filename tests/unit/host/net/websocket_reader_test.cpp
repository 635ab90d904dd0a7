#include "host/net/websocket_reader.hpp"

#include <gtest/gtest.h>
#include <wslay/wslay.h>

#include <cstring>
#include <random>

#include "support/websocket.hpp"

namespace parley::host {
namespace {

using test::encode_ws;

std::string pdu(std::size_t body, std::uint16_t seq = 0) {
  std::string out(header_size, '\0');
  store_header(out.data(), 0x0301, seq, body);
  for (std::size_t i = 0; i < body; ++i) out += static_cast<char>(i * 7 + seq);
  return out;
}

struct listening {
  std::vector<std::string> messages;
  std::vector<std::string> pings;
  int hold_after = 0;
  bool on_message(const pdu_view& p) {
    messages.emplace_back(p.raw);
    return !hold_after || messages.size() % static_cast<std::size_t>(hold_after) != 0;
  }
  bool on_ping(std::string_view payload) {
    pings.emplace_back(payload);
    return true;
  }
};

/// Fed in pieces, resumed whenever it holds.
ws_verdict feed(websocket_reader& r, std::string bytes, listening& to, std::size_t piece = 1 << 20,
                std::size_t max_pdu = 1 << 20) {
  ws_verdict how;
  for (std::size_t at = 0; at < bytes.size() && how.good(); at += piece) {
    const auto size = std::min(piece, bytes.size() - at);
    how = r.feed({bytes.data() + at, size}, max_pdu, to);
    for (int i = 0; how.good() && r.waits() && to.hold_after && i < 1000; ++i) how = r.resume(max_pdu, to);
  }
  return how;
}

struct one_feed {
  ws_verdict how;
  listening got;
};
one_feed fed(const std::string& bytes, std::size_t max_pdu = 1 << 20) {
  one_feed out;
  websocket_reader r;
  out.how = feed(r, bytes, out.got, 1 << 20, max_pdu);
  return out;
}

TEST(websocket_reader, hands_out_messages_and_keeps_nothing) {
  websocket_reader r;
  listening got;
  const std::vector<std::string> sent{pdu(0), pdu(100, 1), pdu(200, 2), pdu(70000, 3)};
  std::string all;
  for (const auto& m : sent) all += encode_ws(2, m);
  EXPECT_TRUE(feed(r, all, got).good());
  EXPECT_EQ(got.messages, sent);
  EXPECT_EQ(r.pending(), 0u);
  EXPECT_LT(r.capacity(), 64u) << "an idle session owns no buffer";
}

TEST(websocket_reader, reads_the_same_however_the_bytes_come) {
  std::vector<std::string> sent;
  std::string all;
  for (std::uint16_t i = 0; i < 20; ++i) {
    sent.push_back(pdu(i * 37u, i));
    all += i % 3 ? encode_ws(2, sent.back())
                 : encode_ws(2, sent.back().substr(0, 5), false) + encode_ws(9, "between") +
                       encode_ws(0, sent.back().substr(5, 4), false) + encode_ws(0, "", false) +
                       encode_ws(0, sent.back().substr(9));
  }
  for (const std::size_t piece : {1, 2, 3, 7, 64, 1000, 100000}) {
    for (const int hold : {0, 1, 2}) {
      websocket_reader r;
      listening got;
      got.hold_after = hold;
      ASSERT_TRUE(feed(r, all, got, piece).good()) << piece;
      EXPECT_EQ(got.messages, sent) << piece << " hold " << hold;
      EXPECT_EQ(got.pings.size(), 7u);
      EXPECT_EQ(r.pending(), 0u);
    }
  }
}

TEST(websocket_reader, an_empty_last_fragment_ends_a_message) {
  const auto m = pdu(10);
  const auto got = fed(encode_ws(2, m, false) + encode_ws(0, ""));
  EXPECT_TRUE(got.how.good());
  EXPECT_EQ(got.got.messages, std::vector<std::string>{m});
}

TEST(websocket_reader, a_message_is_exactly_one_pdu) {
  EXPECT_EQ(fed(encode_ws(2, pdu(5) + "x")).how.code, ws_code::invalid);
  EXPECT_EQ(fed(encode_ws(2, pdu(5) + pdu(5))).how.code, ws_code::invalid);
  EXPECT_EQ(fed(encode_ws(2, pdu(5).substr(0, 20))).how.code, ws_code::invalid);
  EXPECT_EQ(fed(encode_ws(2, pdu(0).substr(0, 15))).how.code, ws_code::invalid);
  EXPECT_EQ(fed(encode_ws(2, "")).how.code, ws_code::invalid);
  EXPECT_EQ(fed(encode_ws(2, pdu(5), false) + encode_ws(0, "x")).how.code, ws_code::invalid);
}

TEST(websocket_reader, what_comes_before_a_fault_is_handed_out) {
  const auto got = fed(encode_ws(2, pdu(1)) + encode_ws(1, "text"));
  EXPECT_EQ(got.got.messages.size(), 1u);
  EXPECT_EQ(got.how.code, ws_code::unsupported);
}

TEST(websocket_reader, refuses_what_the_protocol_forbids) {
  const auto code = [](const std::string& bytes) { return fed(bytes).how.code; };
  EXPECT_EQ(code(encode_ws(1, "text")), ws_code::unsupported);
  EXPECT_EQ(code(encode_ws(0, "nothing to continue")), ws_code::protocol);
  EXPECT_EQ(code(encode_ws(2, pdu(5), false) + encode_ws(2, pdu(5))), ws_code::protocol);
  EXPECT_EQ(code(encode_ws(9, "x", false)), ws_code::protocol) << "a ping in pieces";
  EXPECT_EQ(code(encode_ws(9, std::string(126, 'p'))), ws_code::protocol);
  for (const int opcode : {3, 4, 5, 6, 7, 11, 12, 13, 14, 15})
    EXPECT_EQ(code(encode_ws(opcode, "")), ws_code::protocol);
  for (const int bit : {0x10, 0x20, 0x40}) {
    auto bytes = encode_ws(2, pdu(5));
    bytes[0] = static_cast<char>(bytes[0] | bit);
    EXPECT_EQ(code(bytes), ws_code::protocol);
  }
  EXPECT_EQ(code(std::string("\x82\x10", 2) + pdu(0)), ws_code::protocol) << "unmasked";
  EXPECT_EQ(code(std::string("\x82\xfe\x00\x10", 4)), ws_code::protocol) << "16 in two bytes";
  EXPECT_EQ(code(std::string("\x82\xff\x00\x00\x00\x00\x00\x00\xff\xff", 10)), ws_code::protocol);
  EXPECT_EQ(code(std::string("\x82\xff\x80\x00\x00\x00\x00\x00\x00\x00", 10)), ws_code::protocol);
}

TEST(websocket_reader, says_too_big_before_the_bytes_come) {
  auto head = encode_ws(2, pdu(2000)).substr(0, 4);
  EXPECT_EQ(fed(head, 2015).how.code, ws_code::too_big);
  EXPECT_TRUE(fed(head, 2016).how.good());
  const auto in_pieces =
      encode_ws(2, pdu(2000).substr(0, 1500), false) + encode_ws(0, pdu(2000).substr(1500)).substr(0, 4);
  EXPECT_EQ(fed(in_pieces, 2015).how.code, ws_code::too_big);
  EXPECT_EQ(fed(std::string("\x82\xff\x7f\xff\xff\xff\xff\xff\xff\xff", 10)).how.code, ws_code::too_big);
}

TEST(websocket_reader, announced_bytes_are_not_reserved) {
  websocket_reader r;
  listening got;
  EXPECT_TRUE(feed(r, encode_ws(2, pdu(1 << 19)).substr(0, 100), got).good());
  EXPECT_LT(r.capacity(), 1000u);
}

TEST(websocket_reader, a_close_is_answered_with_its_code) {
  const auto how = [](std::string_view payload) { return fed(encode_ws(8, payload)).how; };
  EXPECT_EQ(how("").code, ws_code::normal);
  EXPECT_STREQ(how("").reason, "eof");
  for (const int code : {1000, 1001, 1003, 1007, 1011, 1014, 3000, 4999}) {
    EXPECT_EQ(how(test::ws_close(code, "bye")).code, code);
    EXPECT_STREQ(how(test::ws_close(code)).reason, "eof");
  }
  for (const int code : {0, 999, 1004, 1005, 1006, 1015, 1016, 2999, 5000, 65535}) {
    EXPECT_EQ(how(test::ws_close(code)).code, ws_code::protocol) << code;
    EXPECT_STRNE(how(test::ws_close(code)).reason, "eof");
  }
  EXPECT_EQ(how("x").code, ws_code::protocol);
  for (const std::string bad :
       {"\xff", "\xc0\x80", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xe2\x82", "\xf8\x88\x80\x80\x80"})
    EXPECT_EQ(how(test::ws_close(1000, bad)).code, ws_code::invalid);
  EXPECT_STREQ(how(test::ws_close(1000, "\xe2\x82\xac \xf0\x9f\x98\x80 \xc3\xa9")).reason, "eof");
}

TEST(websocket_frame, heads_are_as_short_as_they_can_be) {
  for (const auto& [size, bytes] : {std::pair<std::size_t, std::string>{0, {"\x82\0", 2}},
                                    {125, {"\x82\x7d", 2}},
                                    {126, {"\x82\x7e\0\x7e", 4}},
                                    {65535, {"\x82\x7e\xff\xff", 4}},
                                    {65536, {"\x82\x7f\0\0\0\0\0\1\0\0", 10}}}) {
    std::string out;
    append_ws_head(out, ws_opcode::binary, size);
    EXPECT_EQ(out, bytes) << size;
  }
}

/// What wslay's server reads of the same bytes: its messages, and whether it goes on.
struct wslay_reader {
  explicit wslay_reader(std::string bytes) : left(std::move(bytes)) {
    wslay_event_callbacks callbacks{};
    callbacks.recv_callback = [](wslay_event_context_ptr context, uint8_t* out, size_t size, int,
                                 void* self) -> ssize_t {
      auto& from = static_cast<wslay_reader*>(self)->left;
      if (from.empty()) {
        wslay_event_set_error(context, WSLAY_ERR_WOULDBLOCK);
        return -1;
      }
      const auto taken = std::min(size, from.size());
      std::memcpy(out, from.data(), taken);
      from.erase(0, taken);
      return static_cast<ssize_t>(taken);
    };
    callbacks.send_callback = [](wslay_event_context_ptr, const uint8_t*, size_t size, int, void*) -> ssize_t {
      return static_cast<ssize_t>(size);
    };
    callbacks.on_msg_recv_callback = [](wslay_event_context_ptr, const wslay_event_on_msg_recv_arg* arg, void* self) {
      if (arg->opcode == WSLAY_BINARY_FRAME)
        static_cast<wslay_reader*>(self)->messages.emplace_back(reinterpret_cast<const char*>(arg->msg),
                                                                arg->msg_length);
    };
    wslay_event_context_ptr context;
    wslay_event_context_server_init(&context, &callbacks, this);
    failed = wslay_event_recv(context) != 0 || wslay_event_get_read_enabled(context) == 0;
    wslay_event_context_free(context);
  }
  std::string left;
  std::vector<std::string> messages;
  bool failed = false;
};

TEST(websocket_reader, agrees_with_wslay_about_any_frames) {
  std::mt19937 random(6455);
  int agreed = 0, faults = 0;
  for (int round = 0; round < 20000; ++round) {
    std::string bytes;
    const int frames = 1 + static_cast<int>(random() % 5);
    std::string rest;  // of the message that has begun
    bool inside = false;
    for (int i = 0; i < frames; ++i) {
      if (random() % 6 == 0) bytes += encode_ws(9 + static_cast<int>(random() % 2), "");
      if (random() % 12 == 0) bytes += encode_ws(static_cast<int>(random() % 16), "", random() % 2);
      if (!inside) rest = pdu(random() % 200);
      const bool last = random() % 3 != 0;
      const auto size = last ? rest.size() : random() % (rest.size() + 1);
      bytes += encode_ws(inside ? 0 : 2, rest.substr(0, size), last);
      rest.erase(0, size);
      inside = !last;
    }
    if (random() % 4 == 0) bytes[random() % bytes.size()] ^= static_cast<char>(1 << random() % 8);
    for (int i = 0; i < 10; ++i) bytes += encode_ws(9, "");  // so that no head is left incomplete
    // What a message may be is ours to say: of text, and of the lengths in PDUs, wslay knows nothing.
    const wslay_reader theirs(bytes);
    const auto ours = fed(bytes);
    if (ours.how.code == ws_code::unsupported || ours.how.code == ws_code::invalid || ours.how.code == ws_code::too_big)
      continue;
    ASSERT_EQ(ours.how.good(), !theirs.failed) << "round " << round << " " << ours.how.reason;
    ASSERT_EQ(ours.got.messages, theirs.messages) << "round " << round;
    ++(ours.how.good() ? agreed : faults);
  }
  EXPECT_GT(agreed, 1000);
  EXPECT_GT(faults, 500);
}

}  // namespace
}  // namespace parley::host
