#include "client/pdu.hpp"

#include <gtest/gtest.h>
#include <vector>

#include "IM.Message.pb.h"
#include "client/framer.hpp"

namespace parley::client {
namespace {

std::string bytes(std::initializer_list<int> values) {
  std::string out;
  for (const int v : values) out.push_back(static_cast<char>(v));
  return out;
}

TEST(pdu, heartbeat_is_sixteen_known_bytes) {
  std::string out;
  append_pdu(out, 0x0701, 0, std::string_view());
  EXPECT_EQ(out, bytes({0, 0, 0, 16, 0, 1, 0, 0, 0, 7, 7, 1, 0, 0, 0, 0}));
}

TEST(pdu, header_survives_writing_and_reading) {
  const header head{0x01020304, 0x0506, 0x0708, 0x090a, 0x0b0c, 0x0d0e, 0x0f10};
  char raw[header::size];
  write_header(head, raw);
  EXPECT_EQ(read_header(raw), head);
}

TEST(pdu, body_follows_the_header) {
  IM::Message::IMClientTimeRsp body;
  body.set_server_time(7);
  std::string out;
  append_pdu(out, 0x0306, 5, body);
  EXPECT_EQ(out, bytes({0, 0, 0, 18, 0, 1, 0, 0, 0, 3, 3, 6, 0, 5, 0, 0, 8, 7}));
}

TEST(pdu, body_without_a_required_field_does_not_read) {
  IM::Message::IMClientTimeRsp body;
  EXPECT_FALSE((pdu{{}, ""}).read(body));
  EXPECT_FALSE((pdu{{}, "\x08"}).read(body));
  EXPECT_TRUE((pdu{{}, "\x08\x07"}).read(body));
}

std::string three_pdus() {
  std::string stream;
  append_pdu(stream, 0x0301, 1, "one");
  append_pdu(stream, 0x0302, 2, "");
  append_pdu(stream, 0x0303, 3, std::string(300, 'x'));
  return stream;
}

TEST(framer, cuts_the_same_pdus_from_chunks_of_any_size) {
  const std::string stream = three_pdus();
  for (std::size_t step = 1; step <= stream.size(); ++step) {
    framer cutter;
    std::string got;
    for (std::size_t at = 0; at < stream.size(); at += step) {
      const auto chunk = std::string_view(stream).substr(at, step);
      const auto outcome = cutter.feed(chunk, [&](const pdu& next) {
        append_pdu(got, next.head.command_id, next.head.seq_num, next.body);
        return true;
      });
      ASSERT_EQ(outcome, framer::outcome::more);
    }
    ASSERT_EQ(got, stream) << "step " << step;
  }
}

TEST(framer, refuses_impossible_lengths_in_any_cut) {
  for (const std::uint32_t length : {0u, 1u, 15u, 1025u, 0xffffffffu}) {
    header head;
    head.length = length;
    char raw[header::size];
    write_header(head, raw);
    for (const std::size_t step : {1u, 7u, 16u}) {
      framer cutter(1024);
      auto outcome = framer::outcome::more;
      for (std::size_t at = 0; at < header::size && outcome == framer::outcome::more; at += step) {
        outcome = cutter.feed(std::string_view(raw, header::size).substr(at, step), [](const pdu&) { return true; });
      }
      EXPECT_EQ(outcome, framer::outcome::bad_length) << length << " in steps of " << step;
    }
  }
}

TEST(framer, stops_when_told) {
  framer cutter;
  int seen = 0;
  const auto outcome = cutter.feed(three_pdus(), [&](const pdu&) { return ++seen < 2; });
  EXPECT_EQ(outcome, framer::outcome::stopped);
  EXPECT_EQ(seen, 2);
}

}  // namespace
}  // namespace parley::client
