// One group changed from two nodes on one MariaDB at once: each change once, in one order of versions.
#include "node/fixture.hpp"

#include <parley/commands.hpp>

#include <atomic>
#include <set>
#include <thread>

#include "IM.Group.pb.h"
#include "Parley.Group.pb.h"

namespace parley::test {
namespace {

using namespace IM::Group;

struct group_race : node_test {
  void SetUp() override {
    options_.environment["PARLEY_SQL"] = db_.url();
    for (const char* name : {"ann", "bea", "cy", "dee", "eve"}) people_.push_back(user(name).id());
    auto options = options_;
    options.data.clear();
    second_ = std::make_unique<server>(options);
  }
  chat_client at(bool here, const std::string& name) {
    chat_client out;
    out.log_in(here ? node().pdu_port() : second_->pdu_port(), name);
    return out;
  }
  std::uint32_t make_group(chat_client& who) {
    IMGroupCreateReq request;
    request.set_user_id(0);
    request.set_group_type(IM::BaseDefine::GROUP_TYPE_TMP);
    request.set_group_name("all");
    request.set_group_avatar("");
    return who.ask<IMGroupCreateRsp>(cid::group_create_request, request).group_id();
  }
  static bool change(chat_client& who, std::uint32_t group, IM::BaseDefine::GroupModifyType what, std::uint32_t user) {
    IMGroupChangeMemberReq request;
    request.set_user_id(0);
    request.set_group_id(group);
    request.set_change_type(what);
    request.add_member_id_list(user);
    const auto done = who.ask<IMGroupChangeMemberRsp>(cid::group_change_member_request, request);
    // Refused only because the other node was first.
    if (done.result_code() == 0) return true;
    EXPECT_EQ(done.refused_code(), 8u) << done.refused_text();
    return false;
  }
  std::string sql(const std::string& statement) { return db_.run(statement, "parley"); }

  mariadb db_;
  std::unique_ptr<server> second_;
  std::vector<std::uint32_t> people_;
};

TEST_F(group_race, counts_versions_and_members_and_doubles_nobody) {
  auto ann = at(true, "ann");
  const auto group = make_group(ann);
  ASSERT_GT(group, 0u);
  std::atomic<int> changes = 0;
  std::vector<std::thread> threads;
  for (const bool here : {true, false}) {
    threads.emplace_back([&, here] {
      auto owner = at(here, "ann");
      for (int i = 0; i < 60; ++i) {
        const auto who = people_[1 + static_cast<std::size_t>(i) % 4];
        changes += change(owner, group, IM::BaseDefine::GROUP_MODIFY_TYPE_ADD, who);
        if (i % 3 == 0) changes += change(owner, group, IM::BaseDefine::GROUP_MODIFY_TYPE_DEL, who);
      }
    });
  }
  for (auto& t : threads) t.join();
  EXPECT_GT(changes, 4);
  EXPECT_EQ(sql("SELECT version FROM IMGroup"), std::to_string(1 + changes));
  EXPECT_EQ(sql("SELECT userCnt FROM IMGroup"), sql("SELECT COUNT(*) FROM IMGroupMember WHERE status = 0"));
  EXPECT_EQ(sql("SELECT COUNT(*) FROM IMGroupMember"), "5") << "a row each";
  EXPECT_EQ(sql("SELECT COUNT(DISTINCT userId) FROM IMGroupMember"), "5");
  EXPECT_EQ(second_->terminate().code, 0);
}

TEST_F(group_race, both_members_leaving_at_once_end_the_group) {
  for (int i = 0; i < 10; ++i) {
    auto ann = at(true, "ann");
    auto bea = at(false, "bea");
    const auto group = make_group(ann);
    ASSERT_TRUE(change(ann, group, IM::BaseDefine::GROUP_MODIFY_TYPE_ADD, people_[1]));
    parley::group::LeaveReq leave;
    leave.set_group_id(group);
    std::thread beside([&] { bea.ask<parley::group::LeaveRsp>(cid::group_leave_request, leave); });
    ann.ask<parley::group::LeaveRsp>(cid::group_leave_request, leave);
    beside.join();
    const auto id = std::to_string(group);
    EXPECT_EQ(sql("SELECT status FROM IMGroup WHERE id = " + id), "1");
    EXPECT_EQ(sql("SELECT version FROM IMGroup WHERE id = " + id), "4");
    EXPECT_EQ(sql("SELECT userCnt FROM IMGroup WHERE id = " + id), "0");
    EXPECT_EQ(sql("SELECT COUNT(*) FROM IMGroupMember WHERE status = 0 AND groupId = " + id), "0");
  }
}

}  // namespace
}  // namespace parley::test
