#include "block_view.hpp"

#include <gtest/gtest.h>

#include "IM.File.pb.h"

namespace file {
namespace {

using IM::File::IMFilePullDataRsp;

IMFilePullDataRsp a_block(std::string bytes) {
  IMFilePullDataRsp out;
  out.set_result_code(0);
  out.set_task_id("123e4567-e89b-42d3-a456-426614174000");
  out.set_user_id(4'000'000'000);
  out.set_offset(0xFFFF8000);
  out.set_file_data(std::move(bytes));
  return out;
}

void expect_the_same(const block_view& seen, const IMFilePullDataRsp& parsed) {
  EXPECT_EQ(seen.result_code, parsed.result_code());
  EXPECT_EQ(seen.task_id, parsed.task_id());
  EXPECT_EQ(seen.user_id, parsed.user_id());
  EXPECT_EQ(seen.offset, parsed.offset());
  EXPECT_EQ(seen.file_data, parsed.file_data());
}

TEST(blocks, are_read_as_protobuf_reads_them) {
  for (const auto& bytes : {std::string(), std::string("x"), std::string(32768, '\xff')}) {
    const auto block = a_block(bytes);
    const auto body = block.SerializeAsString();
    const auto seen = read_block(body);
    ASSERT_TRUE(seen);
    expect_the_same(*seen, block);
    EXPECT_TRUE(bytes.empty() || (seen->file_data.data() > body.data() &&
                                  seen->file_data.data() + bytes.size() <= body.data() + body.size()))
        << "no copy";
  }
}

TEST(blocks, need_every_field_and_a_whole_body) {
  const auto body = a_block("some bytes").SerializeAsString();
  for (std::size_t size = 0; size < body.size(); ++size) EXPECT_FALSE(read_block(body.substr(0, size))) << size;
  for (int field = 1; field <= 5; ++field) {
    auto part = a_block("some bytes");
    if (field == 1) part.clear_result_code();
    if (field == 2) part.clear_task_id();
    if (field == 3) part.clear_user_id();
    if (field == 4) part.clear_offset();
    if (field == 5) part.clear_file_data();
    EXPECT_FALSE(read_block(part.SerializePartialAsString())) << field;
  }
}

TEST(blocks, may_have_fields_of_later_times_and_the_last_of_each_counts) {
  auto later = a_block("second");
  later.set_offset(7);
  const std::string unknown = "\x30\x05\x3a\x02hi\x45\x01\x02\x03\x04\x49\x01\x02\x03\x04\x05\x06\x07\x08";
  const auto body = a_block("first").SerializeAsString() + unknown + later.SerializeAsString();
  IMFilePullDataRsp parsed;
  ASSERT_TRUE(parsed.ParseFromString(body));
  const auto seen = read_block(body);
  ASSERT_TRUE(seen);
  expect_the_same(*seen, parsed);
  EXPECT_EQ(seen->offset, 7u);
}

/// Whatever stands there: what is taken is what protobuf takes.
TEST(blocks, that_are_damaged_are_never_seen_otherwise) {
  const auto body = a_block("some bytes of a file").SerializeAsString();
  std::uint32_t state = 99;
  const auto any = [&](std::size_t below) {
    state = state * 1664525 + 1013904223;
    return (state >> 8) % below;
  };
  int taken = 0;
  for (int round = 0; round < 50'000; ++round) {
    auto damaged = body;
    for (std::size_t i = 0; i <= any(3); ++i) damaged[any(damaged.size())] = static_cast<char>(any(256));
    const auto seen = read_block(damaged);
    if (!seen) continue;
    IMFilePullDataRsp parsed;
    ASSERT_TRUE(parsed.ParseFromString(damaged)) << round;
    expect_the_same(*seen, parsed);
    ++taken;
  }
  EXPECT_GT(taken, 100);
}

}  // namespace
}  // namespace file
