// A TeamTalk deployment moves in: everything its users had is there, and its tables are what they were.
#include "node/import/fixture.hpp"
#include "node/stored.hpp"

#include <algorithm>
#include <atomic>
#include <thread>

#include "client/digest.hpp"

namespace parley::test {
namespace {

/// The texts of a history, oldest first.
std::vector<std::string> texts_of(chat_client& who, std::uint32_t peer) {
  const auto page = who.history(peer);
  std::vector<std::string> all;
  for (const auto& one : page.msg_list()) all.push_back(who.decrypt(one.msg_data()));
  std::reverse(all.begin(), all.end());
  return all;
}

std::map<std::uint32_t, std::uint32_t> unread_of(
    chat_client& who, IM::BaseDefine::SessionType kind = IM::BaseDefine::SESSION_TYPE_SINGLE) {
  IM::Message::IMUnreadMsgCntReq request;
  request.set_user_id(who.id());
  std::map<std::uint32_t, std::uint32_t> all;
  const auto answer = who.ask<IM::Message::IMUnreadMsgCntRsp>(0x0307, request);
  for (const auto& one : answer.unreadinfo_list()) {
    if (one.session_type() == kind) all[one.session_id()] = one.unread_cnt();
  }
  return all;
}

/// The contents of a group's history, oldest first, as they are stored.
std::vector<std::string> group_texts(chat_client& who, std::uint32_t group) {
  IM::Message::IMGetMsgListReq request;
  request.set_user_id(who.id());
  request.set_session_type(IM::BaseDefine::SESSION_TYPE_GROUP);
  request.set_session_id(group);
  request.set_msg_id_begin(0);
  request.set_msg_cnt(100);
  std::vector<std::string> all;
  const auto answer = who.ask<IM::Message::IMGetMsgListRsp>(0x0309, request);
  for (const auto& one : answer.msg_list()) all.insert(all.begin(), one.msg_data());
  return all;
}

using strings = std::vector<std::string>;
const strings ann_and_bob{"one", "two", "three", "three again", "without a number", "begun anew", "nine"};
const strings ann_and_dan{"a1", "b1", "a2", "b2", "b3"};
const strings bob_and_dan{"c1", "d1", "d2", "c2"};

TEST_F(import_test, everything_that_users_had_is_there) {
  expect_done(import());
  chat_client ann, bob, dan, eve, fay;
  for (const auto& [who, name] : std::vector<std::pair<chat_client*, const char*>>{
           {&ann, "ann"}, {&bob, "bob"}, {&dan, "dan"}, {&eve, "eve"}, {&fay, "fay"}}) {
    who->log_in(node().pdu_port(), name);
  }
  EXPECT_EQ(ann.id(), 1u) << "not the one who left";
  chat_client leaver;
  const auto refused = leaver.try_log_in(node().pdu_port(), "ann", {.password = "old-secret"});
  ASSERT_TRUE(refused);
  EXPECT_NE(refused->result_code(), 0);

  EXPECT_EQ(texts_of(ann, bob.id()), ann_and_bob);
  EXPECT_EQ(texts_of(dan, ann.id()), ann_and_dan);
  EXPECT_EQ(texts_of(bob, dan.id()), bob_and_dan);
  const auto page = ann.history(bob.id());
  for (int i = 1; i < page.msg_list_size(); ++i) EXPECT_LT(page.msg_list(i).msg_id(), page.msg_list(i - 1).msg_id());
  const auto longest = eve.history(dan.id());
  ASSERT_EQ(longest.msg_list_size(), 1);
  EXPECT_EQ(longest.msg_list(0).msg_data(), deployment_.longest);

  using counts = std::map<std::uint32_t, std::uint32_t>;
  EXPECT_EQ(unread_of(fay), (counts{{5, 7}}));
  EXPECT_EQ(unread_of(ann), (counts{{2, 2}, {4, 3}}));
  EXPECT_EQ(unread_of(dan), (counts{{1, 2}})) << "no more than ann has sent";
  EXPECT_EQ(unread_of(eve), counts());

  const auto numbered = dan.say(eve.id(), "behind the counter", "m1");
  EXPECT_EQ(numbered.msg_id, 7u) << "numbers that TeamTalk gave are not given again";
  const auto newest = ann.latest(bob.id());
  EXPECT_EQ(ann.say(bob.id(), "after the move", "m2").msg_id, newest + 1);
  EXPECT_EQ(unread_of(bob), (counts{{1, 1}}));
}

TEST_F(import_test, groups_are_what_redis_knew_of_them) {
  expect_done(import());
  EXPECT_EQ(db_.run("SELECT GROUP_CONCAT(CONCAT(id, ' ', userCnt) ORDER BY id) FROM IMGroup", "parley"), "1 3,2 2");
  chat_client ann, bob, dan, eve;
  for (const auto& [who, name] :
       std::vector<std::pair<chat_client*, const char*>>{{&ann, "ann"}, {&bob, "bob"}, {&dan, "dan"}, {&eve, "eve"}}) {
    who->log_in(node().pdu_port(), name);
  }
  const strings all{"g1", "g2", "g2 again", "g4"};
  EXPECT_EQ(group_texts(ann, 1), all);
  EXPECT_EQ(group_texts(bob, 1), all);
  EXPECT_EQ(group_texts(eve, 1), all);
  EXPECT_EQ(group_texts(dan, 1), strings()) << "MySQL's copy had him";
  constexpr auto group = IM::BaseDefine::SESSION_TYPE_GROUP;
  using counts = std::map<std::uint32_t, std::uint32_t>;
  EXPECT_EQ(unread_of(ann, group), counts());
  EXPECT_EQ(unread_of(bob, group), (counts{{1, 2}}));
  EXPECT_EQ(unread_of(eve, group), (counts{{1, 1}}));

  IM::Message::IMMsgData message;
  message.set_from_user_id(0);
  message.set_to_session_id(1);
  message.set_msg_id(0);
  message.set_create_time(0);
  message.set_msg_type(IM::BaseDefine::MSG_TYPE_GROUP_TEXT);
  message.set_msg_data("g12");
  EXPECT_EQ(eve.ask<IM::Message::IMMsgDataAck>(0x0301, message).msg_id(), 12u);
  EXPECT_EQ(unread_of(bob, group), (counts{{1, 3}}));
}

TEST_F(import_test, recordings_can_be_heard) {
  expect_done(import());
  chat_client eve;
  eve.log_in(node().pdu_port(), "eve");
  std::map<std::uint32_t, std::string> heard;
  const auto page = eve.history(1);
  for (const auto& one : page.msg_list()) heard[one.msg_id()] = one.msg_data();
  ASSERT_EQ(heard.size(), 4u);
  EXPECT_EQ(heard[1], std::string("\0\0\0\7", 4) + deployment_.speech);
  EXPECT_EQ(heard[2], std::string("\0\0\1\x2c", 4) + deployment_.short_speech);
  EXPECT_EQ(heard[3], std::string("\0\0\0\3", 4)) << "msfs has lost it";
  EXPECT_EQ(heard[4], std::string("\0\0\0\4", 4)) << "what msfs has is not what was sent";
}

TEST_F(import_test, recordings_come_by_http_and_a_broken_msfs_is_waited_for) {
  file_server msfs(msfs_.path());
  msfs.break_down(true);
  const std::vector<std::string> command{parleyctl(), "import-teamtalk", "--mysql", db_.url(), "--msfs", msfs.url()};
  const auto broken = run(command);
  EXPECT_EQ(broken.end.code, 1) << broken.output;
  EXPECT_NE(broken.output.find("it answers 500"), std::string::npos) << broken.output;
  msfs.break_down(false);
  expect_done(run(command));
  EXPECT_EQ(db_.run("SELECT COUNT(*) FROM audio_blob", "parley"), "2");
  EXPECT_EQ(db_.run("SELECT LENGTH(bytes) FROM audio_blob WHERE audio_id = 1", "parley"),
            std::to_string(deployment_.speech.size()));
}

TEST_F(import_test, members_tokens_and_shields_are_those_of_redis) {
  expect_done(import());
  const auto ask = [&](const std::string& sql) { return db_.run(sql, "parley"); };
  const std::string live =
      "SELECT GROUP_CONCAT(CONCAT(userId, '@', updated) ORDER BY userId) FROM IMGroupMember WHERE "
      "status = 0 AND groupId = ";
  EXPECT_EQ(ask(live + "1"), "1@50,2@55,5@66");
  EXPECT_EQ(ask(live + "2"), "2@60,6@61") << "of a group that Redis does not know, MySQL's are kept";
  EXPECT_EQ(
      ask("SELECT GROUP_CONCAT(CONCAT(user_id, ' ', client_type, ' ', token) ORDER BY user_id) FROM device_token"),
      "1 17 apple-token,2 18 robot-token")
      << "dan's telephone is ann's now";
  EXPECT_EQ(ask("SELECT GROUP_CONCAT(CONCAT(group_id, ' ', user_id)) FROM group_shield"), "1 2");
  EXPECT_EQ(ask("SELECT CONCAT(last_msg_id, ' ', read_floor) FROM conversation WHERE kind = 2 AND b = 1"), "11 4");
  EXPECT_EQ(ask("SELECT GROUP_CONCAT(msgId ORDER BY created) FROM IMGroupMessage_1"), "1,2,3,4");
  EXPECT_EQ(ask("SELECT GROUP_CONCAT(CONCAT(user_id, ' ', msg_id) ORDER BY user_id) FROM read_position WHERE kind = 2"),
            "2 2,5 3");
}

TEST_F(import_test, teamtalks_tables_still_open_and_say_what_they_said) {
  const std::string columns =
      "SELECT MD5(GROUP_CONCAT(CONCAT_WS(' ', TABLE_NAME, COLUMN_NAME, COLUMN_TYPE, IS_NULLABLE, COLUMN_DEFAULT, "
      "COLLATION_NAME) ORDER BY TABLE_NAME, ORDINAL_POSITION)) FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = "
      "'parley' AND TABLE_NAME LIKE 'IM%' AND TABLE_NAME NOT LIKE 'import%'";
  const std::string all = "SET group_concat_max_len = 1000000;\n";
  const auto before = db_.run(all + columns);
  const auto people =
      db_.run(all + "SELECT MD5(GROUP_CONCAT(CONCAT_WS(' ', id, name, password, salt, status))) FROM IMUser", "parley");
  expect_done(import());
  EXPECT_EQ(db_.run(all + columns), before);
  EXPECT_EQ(
      db_.run(all + "SELECT MD5(GROUP_CONCAT(CONCAT_WS(' ', id, name, password, salt, status))) FROM IMUser", "parley"),
      people);
  // As TeamTalk reads: the live relation of the pair, then its newest messages.
  const auto read = [&](const std::string& small, const std::string& big) {
    const auto relation = db_.run(
        "SELECT id FROM IMRelationShip WHERE smallId = " + small + " AND bigId = " + big + " AND status = 0 LIMIT 1",
        "parley");
    const auto shard = std::to_string(std::stoul(relation) % 8);
    return db_.run("SELECT CONCAT(COUNT(*), ' ', COUNT(DISTINCT msgId), ' ', MAX(msgId) < 4294967295) FROM IMMessage_" +
                       shard + " WHERE relateId = " + relation +
                       " AND status = 0 AND msgId <= 4294967294 ORDER BY created "
                       "DESC, id DESC LIMIT 100",
                   "parley");
  };
  EXPECT_EQ(read("1", "2"), "7 7 1");
  EXPECT_EQ(read("1", "4"), "5 5 1");
  EXPECT_EQ(read("2", "4"), "4 4 1");
  // What was rewritten can be put back.
  EXPECT_EQ(
      db_.run("SELECT GROUP_CONCAT(CONCAT(old_value, '>', new_value) ORDER BY new_value) FROM import_change WHERE "
              "table_name = 'IMMessage_1' AND column_name = 'msgId' AND row_id <= 7 AND new_table = ''",
              "parley"),
      "3>4,4294967295>5,1>6")
      << "nine keeps its number";
  EXPECT_EQ(
      db_.run("SELECT COUNT(*) FROM import_change WHERE column_name = 'relateId' AND old_value = 17 AND new_value = "
              "10 AND new_table = 'IMMessage_2'",
              "parley"),
      "3");
}

TEST_F(import_test, a_second_run_and_a_dry_run_change_nothing) {
  const auto untouched = fingerprint(db_, "parley");
  const auto dry = import("parley", {"--dry-run"});
  expect_done(dry);
  EXPECT_EQ(fingerprint(db_, "parley"), untouched);
  EXPECT_NE(dry.output.find("pairs of several relations, merged"), std::string::npos) << dry.output;
  expect_done(import());
  const auto once = fingerprint(db_, "parley");
  EXPECT_NE(once, untouched);
  expect_done(import());
  EXPECT_EQ(fingerprint(db_, "parley"), once);
  expect_done(import("parley", {"--dry-run"}));
  EXPECT_EQ(fingerprint(db_, "parley"), once);
}

TEST_F(import_test, without_redis_history_counts_as_read_and_redis_can_follow) {
  expect_done(run({parleyctl(), "import-teamtalk", "--mysql", db_.url()}));
  EXPECT_EQ(db_.run("SELECT COUNT(*) FROM read_position", "parley"), "0");
  EXPECT_EQ(db_.run("SELECT last_msg_id FROM conversation WHERE kind = 1 AND relate_id = 12", "parley"), "1");
  expect_done(import());
  const auto later = fingerprint(db_, "parley");
  db_.run("CREATE DATABASE whole CHARACTER SET utf8mb4");
  deployment_.fill_database(db_, "whole");
  expect_done(import("whole"));
  EXPECT_EQ(later, fingerprint(db_, "whole"));
}

TEST_F(import_test, people_who_talk_meanwhile_notice_nothing) {
  chat_client dan, eve;
  dan.log_in(node().pdu_port(), "dan");
  eve.log_in(node().pdu_port(), "eve");
  std::atomic<bool> stop{false};
  texts acked;
  std::thread talking([&] {
    for (int i = 0; !stop; ++i) {
      const auto text = std::to_string(i);
      const auto got = dan.say(eve.id(), text, "id-" + text);
      if (!got.acked()) continue;
      EXPECT_FALSE(acked.contains(got.msg_id)) << "a number twice";
      acked[got.msg_id] = text;
    }
  });
  const auto got = import();
  stop = true;
  talking.join();
  expect_done(got);
  ASSERT_GT(acked.size(), 10u);
  std::map<std::uint32_t, std::string> stored;
  for (auto begin = eve.latest(4); begin > 0;) {
    const auto page = eve.history(4, begin);
    if (page.msg_list_size() == 0) break;
    for (const auto& one : page.msg_list()) stored[one.msg_id()] = eve.decrypt(one.msg_data());
    begin = page.msg_list(page.msg_list_size() - 1).msg_id() - 1;
  }
  for (const auto& [id, text] : acked) EXPECT_EQ(stored[id], text) << id;
}

TEST_F(import_test, what_was_said_before_the_import_keeps_its_place_and_its_key) {
  {
    chat_client ann, dan;
    ann.log_in(node().pdu_port(), "ann");
    dan.log_in(node().pdu_port(), "dan");
    ASSERT_TRUE(ann.say(dan.id(), "said early", "early").acked());
  }
  expect_done(import());
  chat_client ann, dan;
  ann.log_in(node().pdu_port(), "ann");
  dan.log_in(node().pdu_port(), "dan");
  auto expected = ann_and_dan;
  expected.push_back("said early");
  EXPECT_EQ(texts_of(dan, ann.id()), expected);
  const auto again = ann.say(dan.id(), "said early", "early");
  EXPECT_TRUE(again.duplicate);
  EXPECT_EQ(again.msg_id, ann.latest(dan.id()));
  EXPECT_EQ(unread_of(dan)[1], 3u) << "two of TeamTalk's and the one since";
}

}  // namespace
}  // namespace parley::test
