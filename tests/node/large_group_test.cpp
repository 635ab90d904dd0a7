// Messages to many at once: what they cost, and that they arrive as they were sent.
#include "node/fixture.hpp"

#include <parley/commands.hpp>

#include <map>
#include <sstream>
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

struct crowded_groups : large_groups {
  static constexpr std::uint32_t first = 1'000'000;
  static constexpr int people = 10'000;

  /// Users that nobody logs in as.
  void add_people() {
    for (int from = 0; from < people; from += 1000) {
      std::string rows;
      for (int i = from; i < from + 1000; ++i) {
        const auto id = std::to_string(first + static_cast<std::uint32_t>(i));
        rows += (rows.empty() ? "(" : ",(") + id + ",'p" + id + "',0,1,1)";
      }
      node().run_sql("INSERT INTO IMUser(id, name, departId, created, updated) VALUES " + rows);
    }
  }
  std::uint32_t group_of(chat_client& owner, const chat_client& listener, int size) {
    IM::Group::IMGroupCreateReq request;
    request.set_user_id(0);
    request.set_group_type(IM::BaseDefine::GROUP_TYPE_TMP);
    request.set_group_name("of " + std::to_string(size));
    request.set_group_avatar("");
    request.add_member_id_list(listener.id());
    for (int i = 0; i < size - 2; ++i) request.add_member_id_list(first + static_cast<std::uint32_t>(i));
    const auto made = owner.ask<IM::Group::IMGroupCreateRsp>(cid::group_create_request, request);
    EXPECT_EQ(made.user_id_list_size(), size) << made.refused_text();
    return made.group_id();
  }
  /// Every table's rows.
  std::map<std::string, long> rows() {
    const bool maria = node().database_server() != nullptr;
    const std::string names =
        maria ? "SELECT GROUP_CONCAT(TABLE_NAME) FROM information_schema.TABLES WHERE TABLE_SCHEMA = "
                "DATABASE()"
              : "SELECT GROUP_CONCAT(name) FROM sqlite_master WHERE type = 'table'";
    std::map<std::string, long> counts;
    std::istringstream all(node().run_sql(names));
    for (std::string table; std::getline(all, table, ',');) {
      // A connection's row, the file's own book-keeping.
      if (table == "commit_marker" || table.starts_with("sqlite_")) continue;
      counts[table] = std::stol(node().run_sql("SELECT COUNT(*) FROM " + table));
    }
    return counts;
  }
  /// By table, what the group's first two messages added.
  std::map<std::string, long> rows_of_two_messages(chat_client& author, std::uint32_t group) {
    const auto before = rows();
    EXPECT_GT(before.at("IMGroupMember"), 0);
    for (std::uint32_t id = 1; id <= 2; ++id) EXPECT_EQ(send(author, group, "hello").msg_id(), id);
    std::map<std::string, long> added;
    for (const auto& [table, count] : rows()) {
      // Of the 8 tables one, by the group's id.
      const auto name = table.starts_with("IMGroupMessage_") ? "IMGroupMessage" : table;
      if (count != before.at(table)) added[name] += count - before.at(table);
    }
    return added;
  }
};

TEST_F(crowded_groups, of_ten_thousand_cost_a_message_no_more_rows_than_of_ten) {
  auto alice = user("alice"), bob = user("bob");
  add_people();
  const auto small = group_of(alice, bob, 10), large = group_of(alice, bob, people);
  const auto few = rows_of_two_messages(alice, small), many = rows_of_two_messages(alice, large);
  EXPECT_EQ(many, few);
  EXPECT_EQ(many.at("IMGroupMessage"), 2);
  ASSERT_TRUE(bob.wire().alive());
  int heard = 0;
  for (const auto& pdu : bob.wire().inbox()) heard += pdu.command == cid::msg_data;
  EXPECT_EQ(heard, 4) << "each once";
  EXPECT_TRUE(alice.wire().alive());
}

}  // namespace
}  // namespace parley::test
