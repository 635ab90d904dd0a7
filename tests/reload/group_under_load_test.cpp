#include <parley/commands.hpp>

#include <atomic>
#include <cstdlib>
#include <thread>

#include "IM.Group.pb.h"
#include "fixture.hpp"

namespace parley::test {
namespace {

using namespace IM::Group;

/// A group's members change while the plugin group is replaced PARLEY_TORTURE_RELOADS times.
TEST(group_torture, loses_and_doubles_no_change_of_members) {
  const char* wished = std::getenv("PARLEY_TORTURE_RELOADS");
  const int reloads = wished && *wished ? std::atoi(wished) : 30;
  server::options what;
  what.environment = {{"PARLEY_PROBATION", "20ms"}};
  server node(what);
  node.add_user("alice");
  const auto bob_id = node.add_user("bob");
  chat_client alice, bob;
  alice.log_in(node.pdu_port(), "alice");
  bob.log_in(node.pdu_port(), "bob");

  IMGroupCreateReq wish;
  wish.set_user_id(0);
  wish.set_group_type(IM::BaseDefine::GROUP_TYPE_TMP);
  wish.set_group_name("torture");
  wish.set_group_avatar("");
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
  int swapped = 0;
  for (int i = 0; i < reloads; ++i) {
    const auto answer = node.control().call("reload", {{"name", "group"}});
    EXPECT_TRUE(answer.ok) << answer.error;
    swapped += answer.ok;
  }
  stop = true;
  changing.join();
  EXPECT_EQ(trouble, "");
  EXPECT_EQ(swapped, reloads);
  EXPECT_GT(changes, static_cast<std::uint32_t>(reloads));

  // Bob, who came or went each time, heard of each change once and in order.
  ASSERT_TRUE(bob.wire().alive());
  std::uint32_t version = 1;
  for (const auto& pdu : bob.wire().inbox()) {
    if (pdu.command != cid::group_change_member_notify) continue;
    ASSERT_EQ(read<IMGroupChangeMemberNotify>(pdu).version(), ++version);
  }
  EXPECT_EQ(version, changes + 1);

  const auto deadline = steady::now() + patience(answer_time);
  json now;
  do {
    poll(nullptr, 0, 20);
    now = node.ask("reloads");
  } while ((now.at("leaving") != 0 || now.at("in_probation") != 0 || now.at("retired") != now.at("unmapped")) &&
           steady::now() < deadline);
  EXPECT_EQ(now.at("unmapped"), reloads) << now.dump(2);
  EXPECT_EQ(now.at("lingering"), 0);
  EXPECT_EQ(node.terminate().code, 0);
}

}  // namespace
}  // namespace parley::test
