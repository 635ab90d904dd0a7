// Messages to many at once: what they cost, and that they arrive as they were sent.
#include "node/fixture.hpp"

#include <parley/commands.hpp>

#include <vector>

#include "IM.Group.pb.h"

namespace parley::test {
namespace {

struct large_groups : node_test {
  std::uint32_t make_group(chat_client& owner, const std::vector<chat_client>& members) {
    IM::Group::IMGroupCreateReq request;
    request.set_user_id(owner.id());
    request.set_group_type(IM::BaseDefine::GROUP_TYPE_TMP);
    request.set_group_name("large");
    request.set_group_avatar("");
    for (const auto& one : members) request.add_member_id_list(one.id());
    const auto made = owner.ask<IM::Group::IMGroupCreateRsp>(cid::group_create_request, request);
    EXPECT_EQ(made.result_code(), 0u);
    return made.group_id();
  }
  static std::string recording(int number) {
    std::string bytes("\0\0\0\7", 4);
    bytes.resize(300'000, static_cast<char>('a' + number));
    return bytes;
  }
  static IM::Message::IMMsgDataAck send(chat_client& author, std::uint32_t group, const std::string& data) {
    IM::Message::IMMsgData message;
    message.set_from_user_id(author.id());
    message.set_to_session_id(group);
    message.set_msg_id(0);
    message.set_create_time(0);
    message.set_msg_type(data.front() == '\0' ? IM::BaseDefine::MSG_TYPE_GROUP_AUDIO
                                              : IM::BaseDefine::MSG_TYPE_GROUP_TEXT);
    message.set_msg_data(data);
    return author.ask<IM::Message::IMMsgDataAck>(cid::msg_data, message);
  }
};

TEST_F(large_groups, a_large_message_is_kept_once_for_all_who_have_yet_to_take_it) {
  constexpr int deaf_members = 40, messages = 20;
  auto alice = user("alice");
  std::vector<chat_client> deaf;
  for (int i = 0; i < deaf_members; ++i) deaf.push_back(user("deaf" + std::to_string(i), {.receive_buffer = 4096}));
  const auto group = make_group(alice, deaf);
  const auto before = node().resident_bytes();
  for (int i = 0; i < messages; ++i) {
    EXPECT_EQ(send(alice, group, recording(i)).msg_id(), 2u * static_cast<std::uint32_t>(i) + 1);
    EXPECT_EQ(send(alice, group, "small " + std::to_string(i)).msg_id(), 2u * static_cast<std::uint32_t>(i) + 2);
  }
#ifndef PARLEY_SANITIZED
  // Copied for each they would be 240 MB.
  EXPECT_LT(node().resident_bytes(), before + (100u << 20));
#else
  (void)before;
#endif
  for (auto& one : {&deaf.front(), &deaf.back()}) {
    for (int i = 0; i < messages; ++i) {
      for (const auto& wanted : {recording(i), "small " + std::to_string(i)}) {
        const auto got = one->wire().next_of(cid::msg_data);
        ASSERT_TRUE(got) << i;
        IM::Message::IMMsgData message;
        ASSERT_TRUE(message.ParseFromString(got->body));
        ASSERT_EQ(message.msg_data() == wanted, true) << "message " << message.msg_id() << " is not what was sent";
      }
    }
  }
  EXPECT_TRUE(alice.wire().alive());
}

}  // namespace
}  // namespace parley::test
