#include "import/redis_truth.hpp"

#include <gtest/gtest.h>

namespace parley::teamtalk {
namespace {

using kind = redis_truth::kind;
using fields = std::vector<std::pair<std::string, std::string>>;

TEST(redis_truth, knows_teamtalks_keys_and_no_others) {
  for (const char* key : {"msg_id_1", "group_msg_id_4294967295", "device_7", "device_abc"}) {
    EXPECT_EQ(redis_truth::kind_of(key), kind::text) << key;
  }
  for (const char* key : {"unread_1", "1_im_group_msg", "1_2_im_user_group", "group_member_9", "group_set_9"}) {
    EXPECT_EQ(redis_truth::kind_of(key), kind::hash) << key;
  }
  for (const char* key :
       {"", "msg_id_", "msg_id_x", "msg_id_-1", "msg_id_4294967296", "unread_", "device_", "_im_group_msg",
        "1_im_user_group", "1_2_3_im_user_group", "parley:presence:1", "total_user_update"}) {
    EXPECT_EQ(redis_truth::kind_of(key), kind::none) << key;
  }
}

TEST(redis_truth, reads_each_key) {
  redis_truth all;
  all.take_text("msg_id_3", "17");
  all.take_text("group_msg_id_3", "18");
  all.take_text("device_5", "ios:abc");
  all.take_hash("unread_1", {{"2", "4"}, {"3", "0"}});
  all.take_hash("9_im_group_msg", {{"count", "12"}});
  all.take_hash("5_9_im_user_group", {{"count", "10"}});
  all.take_hash("group_member_9", {{"5", "1000"}});
  all.take_hash("group_set_9", {{"5_1", "1"}, {"6_1", "0"}});
  EXPECT_EQ(all.last_of_relation.at(3), 17u);
  EXPECT_EQ(all.last_of_group.at(3), 18u);
  EXPECT_EQ(all.devices.at("5"), "ios:abc");
  EXPECT_EQ(all.unread.size(), 1u) << "nothing unread is nothing";
  EXPECT_EQ((all.unread.at({1, 2})), 4u);
  EXPECT_EQ(all.group_total.at(9), 12u);
  EXPECT_EQ((all.group_read.at({9, 5})), 10u);
  EXPECT_EQ(all.members.at(9).at(5), 1000u);
  EXPECT_EQ(all.shields.at(9), std::set<std::uint32_t>{5});
  EXPECT_EQ(all.strange, 0u);
}

TEST(redis_truth, what_is_no_number_is_left_out_and_told) {
  redis_truth all;
  all.take_text("msg_id_3", "-1");
  all.take_text("msg_id_4", "99999999999");
  all.take_text("msg_id_5", "");
  all.take_hash("unread_1", {{"x", "1"}, {"2", "many"}, {"3", "1"}});
  all.take_hash("group_set_1", {{"5", "1"}, {"5_2", "1"}});
  EXPECT_TRUE(all.last_of_relation.empty());
  EXPECT_EQ(all.unread.size(), 1u);
  EXPECT_TRUE(all.shields.empty());
  EXPECT_EQ(all.strange, 5u);
  EXPECT_EQ(all.examples.front(), "msg_id_3");
}

}  // namespace
}  // namespace parley::teamtalk
