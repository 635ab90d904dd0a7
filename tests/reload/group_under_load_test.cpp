#include <parley/commands.hpp>

#include <atomic>
#include <thread>

#include "IM.Group.pb.h"
#include "torture.hpp"

namespace parley::test {
namespace {

using namespace IM::Group;

IM::Message::IMMsgData text_to(std::uint32_t group, std::uint32_t number) {
  IM::Message::IMMsgData message;
  message.set_from_user_id(0);
  message.set_to_session_id(group);
  message.set_msg_id(0);
  message.set_create_time(0);
  message.set_msg_type(IM::BaseDefine::MSG_TYPE_GROUP_TEXT);
  message.set_msg_data(std::to_string(number));
  return message;
}

/// What one heard of the group's messages, in order: each once, ids and texts as they were sent.
std::vector<std::uint32_t> heard_by(chat_client& who) {
  EXPECT_TRUE(who.wire().alive());
  std::vector<std::uint32_t> ids;
  for (const auto& pdu : who.wire().inbox()) {
    if (pdu.command != cid::msg_data) continue;
    const auto message = read<IM::Message::IMMsgData>(pdu);
    EXPECT_TRUE(ids.empty() || message.msg_id() > ids.back()) << message.msg_id() << " behind " << ids.back();
    EXPECT_EQ(message.msg_data(), std::to_string(message.msg_id()));
    ids.push_back(message.msg_id());
  }
  return ids;
}

/// A group's members change and its messages flow while the plugin group is replaced PARLEY_TORTURE_RELOADS times.
TEST(group_torture, loses_and_doubles_no_change_of_members_and_no_message) {
  const int reloads = wished_reloads();
  server::options what;
  what.environment = {{"PARLEY_PROBATION", "20ms"}};
  server node(what);
  node.add_user("alice");
  const auto bob_id = node.add_user("bob"), carol_id = node.add_user("carol");
  chat_client alice, bob, carol;
  alice.log_in(node.pdu_port(), "alice");
  bob.log_in(node.pdu_port(), "bob");
  carol.log_in(node.pdu_port(), "carol");

  IMGroupCreateReq wish;
  wish.set_user_id(0);
  wish.set_group_type(IM::BaseDefine::GROUP_TYPE_TMP);
  wish.set_group_name("torture");
  wish.set_group_avatar("");
  wish.add_member_id_list(carol_id);
  const auto group = alice.ask<IMGroupCreateRsp>(cid::group_create_request, wish).group_id();
  ASSERT_GT(group, 0u);

  std::atomic<bool> stop = false;
  std::atomic<std::uint32_t> changes = 0;
  std::string trouble;
  std::thread changing([&] {
    while (trouble.empty() && !stop) {
      IMGroupChangeMemberReq change;
      change.set_user_id(0);
      change.set_group_id(group);
      change.add_member_id_list(bob_id);
      change.set_change_type(changes % 2 ? IM::BaseDefine::GROUP_MODIFY_TYPE_DEL
                                         : IM::BaseDefine::GROUP_MODIFY_TYPE_ADD);
      IMGroupInfoListReq look;
      look.set_user_id(0);
      auto& known = *look.add_group_version_list();
      known.set_group_id(group);
      known.set_version(changes + 1);
      try {
        const auto done = alice.ask<IMGroupChangeMemberRsp>(cid::group_change_member_request, change);
        if (done.result_code() != 0) trouble = "refused: " + done.refused_text();
        ++changes;
        const auto seen = alice.ask<IMGroupInfoListRsp>(cid::group_info_request, look);
        if (seen.group_info_list_size() != 1 || seen.group_info_list(0).version() != changes + 1) {
          trouble = "another version than " + std::to_string(changes + 1);
        }
      } catch (const failure& f) {
        trouble = f.what();
      }
    }
  });
  std::uint32_t sent = 0;
  std::string talk_trouble;
  const auto say = [&] {
    return carol.ask<IM::Message::IMMsgDataAck>(cid::msg_data, text_to(group, sent + 1)).msg_id();
  };
  std::thread talking([&] {
    try {
      while (talk_trouble.empty() && !stop) {
        const auto id = say();
        if (id != ++sent) talk_trouble = std::to_string(sent) + " was acked as " + std::to_string(id);
      }
    } catch (const failure& f) {
      talk_trouble = f.what();
    }
  });
  int swapped = 0;
  for (int i = 0; i < reloads; ++i) {
    const auto answer = node.control().call("reload", {{"name", "group"}});
    EXPECT_TRUE(answer.ok) << answer.error;
    swapped += answer.ok;
  }
  stop = true;
  changing.join();
  talking.join();
  EXPECT_EQ(trouble, "");
  ASSERT_EQ(talk_trouble, "");
  EXPECT_GT(sent, static_cast<std::uint32_t>(reloads));
  EXPECT_EQ(swapped, reloads);
  EXPECT_GT(changes, static_cast<std::uint32_t>(reloads));

  // Alice was in it all the time; Bob from now on is or is not.
  const bool bob_is_in = changes % 2 == 1;
  const auto last = say();
  EXPECT_EQ(last, ++sent);
  const auto all = heard_by(alice), some = heard_by(bob);
  EXPECT_EQ(all.size(), sent);
  EXPECT_EQ(!some.empty() && some.back() == sent, bob_is_in);
  EXPECT_LE(some.size(), all.size());

  // Bob, who came or went each time, heard of each change once and in order.
  ASSERT_TRUE(bob.wire().alive());
  std::uint32_t version = 1;
  for (const auto& pdu : bob.wire().inbox()) {
    if (pdu.command != cid::group_change_member_notify) continue;
    ASSERT_EQ(read<IMGroupChangeMemberNotify>(pdu).version(), ++version);
  }
  EXPECT_EQ(version, changes + 1);
  expect_a_clean_end(node, reloads);
}

}  // namespace
}  // namespace parley::test
