#include "transfer.hpp"

#include <gtest/gtest.h>

namespace file {
namespace {

transfer some_upload() {
  transfer out;
  out.what = {
      "123e4567-e89b-42d3-a456-426614174000", 1, 2, 200'000, transfer_mode::offline, stage::open, 77, "报告", true};
  out.sender = {42, 1, true, false};
  out.up.asked = 131072;
  out.up.arrived = 98304;
  out.up.written = 32768;
  out.up.early[65536] = 98304;
  out.up.awaited = {{0, 98304, 32768}};
  return out;
}

TEST(transfers, fit_into_a_slot_and_come_out_as_they_went_in) {
  const auto before = some_upload();
  const auto slot = saved(before, role::uploader);
  EXPECT_LT(slot.size(), 4096u);
  const auto after = restored(slot);
  ASSERT_TRUE(after);
  EXPECT_EQ(after->as, role::uploader);
  EXPECT_EQ(after->all.what.id, before.what.id);
  EXPECT_EQ(after->all.what.name, "报告");
  EXPECT_EQ(after->all.what.size, 200'000u);
  EXPECT_EQ(after->all.up.asked, 131072u);
  EXPECT_EQ(after->all.up.written, 32768u);
  EXPECT_TRUE(after->all.up.writing()) << "by the generation before";
  ASSERT_EQ(after->all.up.awaited.size(), 1u);
  EXPECT_EQ(after->all.up.awaited[0].offset, 98304u);
  EXPECT_EQ(after->all.up.early.at(65536), 98304u);
}

TEST(transfers, know_who_has_to_go_on) {
  auto up = some_upload();
  EXPECT_TRUE(up.owes(role::uploader));
  EXPECT_FALSE(up.owes(role::downloader)) << "nobody is there";
  up.up.awaited.clear();
  EXPECT_FALSE(up.owes(role::uploader));
  up.receiver = {43, 1, true};
  EXPECT_TRUE(up.owes(role::downloader));
  up.down.waiting = {{1, 0, 32768}};
  EXPECT_FALSE(up.owes(role::downloader)) << "it has asked";
  transfer online;
  online.what.mode = transfer_mode::online;
  online.sender = {42, 1, true};
  EXPECT_FALSE(online.owes(role::sender));
  online.receiver = {43, 1, true};
  EXPECT_TRUE(online.owes(role::receiver));
  online.between.asked = {{1, 0, 32768}};
  EXPECT_FALSE(online.owes(role::receiver));
  EXPECT_TRUE(online.owes(role::sender));
  online.receiver = {};
  EXPECT_FALSE(online.owes(role::sender)) << "nobody waits for it";
}

TEST(transfers, the_largest_fits_too) {
  auto all = some_upload();
  all.what.name.clear();
  for (int i = 0; i < 255; ++i) all.what.name += "\xF0\x9F\x98\x80";
  for (number i = 0; i < 16; ++i) all.between.asked.push_back({1, i, i});
  for (number i = 0; i < 8; ++i) all.down.waiting.push_back({1, i, i});
  EXPECT_LT(saved(all, role::receiver).size(), 4096u);
}

TEST(transfers, any_cut_of_a_slot_is_none) {
  const auto slot = saved(some_upload(), role::uploader);
  for (std::size_t size = 0; size < slot.size(); ++size) EXPECT_FALSE(restored(slot.substr(0, size))) << size;
  EXPECT_FALSE(restored(slot + "x"));
}

TEST(uploads, are_written_up_to_where_nothing_is_missing) {
  upload up;
  up.arrived = 400;
  EXPECT_TRUE(up.mark_written(100, 200));
  EXPECT_EQ(up.written, 0u) << "what is before it is still on its way";
  EXPECT_TRUE(up.mark_written(0, 100));
  EXPECT_EQ(up.written, 200u);
  EXPECT_FALSE(up.mark_written(0, 100)) << "of a connection before";
  EXPECT_FALSE(up.mark_written(200, 500)) << "more than has come";
  EXPECT_TRUE(up.mark_written(200, 400));
  EXPECT_EQ(up.written, 400u);
  EXPECT_TRUE(up.early.empty());
}

TEST(transfers, give_the_last_byte_only_of_a_committed_file) {
  auto all = some_upload();
  EXPECT_EQ(all.available(), 32768u);
  all.up.written = all.what.size;
  EXPECT_EQ(all.available(), all.what.size - 1u);
  all.what.at = stage::complete;
  EXPECT_EQ(all.available(), all.what.size);
}

}  // namespace
}  // namespace file
