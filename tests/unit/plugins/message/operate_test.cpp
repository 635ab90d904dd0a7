// messages show, search, remove, trace.
#include <set>
#include <sstream>

#include "Parley.Message.pb.h"
#include "codec.hpp"
#include "messenger_test.hpp"

namespace message_test {
namespace {

constexpr const char* none = nullptr;

class operator_test : public messenger_test {
 protected:
  operator_test() {
    host.db().run("INSERT INTO IMGroup(id, name, creator, type, userCnt, status) VALUES (7, 'seven', 1, 2, 3, 0)");
    for (const int id : {1, 2, 3}) {
      const auto who = std::to_string(id);
      host.db().run("INSERT INTO IMGroupMember(groupId, userId, status, created, updated) VALUES (7, " + who +
                    ", 0, 5, 5)");
      host.db().run("INSERT INTO group_join(group_id, user_id, since_msg_id, since_created) VALUES (7, " + who +
                    ", 0, 0)");
    }
  }
  std::uint32_t say(const user& from, std::uint32_t to, const std::string& plain) {
    return send(from, text(to, codec.encrypt(plain)));
  }
  std::uint32_t say_in_group(const user& from, const std::string& plain) {
    auto message = text(7, codec.encrypt(plain));
    message.set_msg_type(MSG_TYPE_GROUP_TEXT);
    return send(from, message);
  }
  std::string ok(const std::string& verb, const std::vector<const char*>& values) {
    const auto end = host.verb(verb, values);
    EXPECT_EQ(end.code, PARLEY_OK) << end.text;
    return end.text;
  }
  /// The texts of what was found, "one two", and "|" and where to go on.
  std::string found(const std::vector<const char*>& values) {
    const auto answer = ok("messages search", values);
    std::string out;
    for (std::size_t at = 0; (at = answer.find("\"text\":\"", at)) != answer.npos;) {
      at += 8;
      out += (out.empty() ? "" : " ") + answer.substr(at, answer.find('"', at) - at);
    }
    const auto next = answer.substr(answer.find("\"next\":") + 7);
    return next == "null}" ? out : out + "|" + next.substr(1, next.size() - 3);
  }
  void acknowledge(const user& who, std::uint32_t author, std::uint32_t number, bool group = false) {
    IMMsgDataAck ack;
    ack.set_user_id(who.id);
    ack.set_session_id(author);
    ack.set_msg_id(number);
    ack.set_session_type(group ? SESSION_TYPE_GROUP : SESSION_TYPE_SINGLE);
    EXPECT_EQ(host.serve(who, cid::msg_data_ack, ack), PARLEY_OK);
  }

  const message::text_codec codec{"12345678901234567890123456789012"};
};

TEST_F(operator_test, a_conversation_is_shown) {
  say(anna, 2, "one <b>");
  send(ben, audio(1, "sound"));
  send(anna, text(2, "in clear"));
  EXPECT_EQ(ok("messages show", {"2", "1"}),
            R"({"kind":"single","user":1,"peer":2,"items":[)"
            R"({"id":3,"author":1,"created":1700000000,"type":"unreadable","content":"in clear"},)"
            R"({"id":2,"author":2,"created":1700000000,"type":"audio","seconds":7,"bytes":5},)"
            R"({"id":1,"author":1,"created":1700000000,"type":"text","text":"one <b>"}],"next":null})");
  EXPECT_NE(ok("messages show", {"1", "2", none, none, "2"}).find(R"("next":2)"), std::string::npos);
  EXPECT_NE(ok("messages show", {"1", "2", none, "2", "2"}).find(R"([{"id":1,)"), std::string::npos);
  say_in_group(carl, "all");
  EXPECT_EQ(
      ok("messages show", {none, none, "7"}),
      R"({"kind":"group","group":7,"items":[{"id":1,"author":3,"created":1700000000,"type":"text","text":"all"}],"next":null})");
  EXPECT_EQ(host.verb("messages show", {"1", "3"}).code, PARLEY_NO_TARGET);
  EXPECT_EQ(host.verb("messages show", {none, none, "8"}).code, PARLEY_NO_TARGET);
}

TEST_F(operator_test, what_cannot_be_asked_is_refused) {
  const std::string long_text(257, 'x');
  for (const auto& values : std::vector<std::vector<const char*>>{{},
                                                                  {"1"},
                                                                  {"1", "1"},
                                                                  {"1", "x"},
                                                                  {"1", "2", "7"},
                                                                  {none, none, "0"},
                                                                  {"1", "2", none, "0"},
                                                                  {"1", "2", none, none, "101"},
                                                                  {"1", "99999999999"}}) {
    EXPECT_EQ(host.verb("messages show", values).code, PARLEY_MALFORMED);
  }
  for (const char* verb : {"messages remove", "messages trace"}) {
    EXPECT_EQ(host.verb(verb, {"0", "1", "2"}).code, PARLEY_MALFORMED);
    EXPECT_EQ(host.verb(verb, {"x", "1", "2"}).code, PARLEY_MALFORMED);
    EXPECT_EQ(host.verb(verb, {"1", "1"}).code, PARLEY_MALFORMED);
    EXPECT_EQ(host.verb(verb, {"1", "1", "2"}).code, PARLEY_NO_TARGET);
    EXPECT_EQ(host.verb(verb, {"1", none, none, "8"}).code, PARLEY_NO_TARGET);
  }
  for (const auto& values :
       std::vector<std::vector<const char*>>{{""},
                                             {long_text.c_str()},
                                             {"\xff"},
                                             {"x", "0"},
                                             {"x", none, "2"},
                                             {"x", "1", "2", "7"},
                                             {"x", none, none, none, "then"},
                                             {"x", none, none, none, none, "-1"},
                                             {"x", none, none, none, none, none, "1"},
                                             {"x", none, none, none, none, none, "1-x"},
                                             {"x", none, none, none, none, none, "1-99999999999999999999"},
                                             {"x", none, none, none, none, none, none, "101"}}) {
    EXPECT_EQ(host.verb("messages search", values).code, PARLEY_MALFORMED);
  }
}

TEST_F(operator_test, texts_are_found_wherever_they_are) {
  say(anna, 2, "Needle-one");
  say(carl, 1, "needle-two");
  say_in_group(ben, "a needle-three");
  send(ben, text(1, "plain needle-four"));
  send(ben, audio(1, "needle"));
  say(anna, 2, "hay");
  const auto all = found({"NEEDLE"});
  for (const char* one : {"Needle-one", "needle-two", "a needle-three", "plain needle-four"}) {
    EXPECT_NE(all.find(one), std::string::npos) << all;
  }
  EXPECT_EQ(found({"needle", "1", "2"}), "plain needle-four Needle-one");
  EXPECT_EQ(found({"needle", "3"}), "needle-two");
  EXPECT_EQ(found({"needle", "2"}), "plain needle-four Needle-one");
  EXPECT_EQ(found({"needle", none, none, "7"}), "a needle-three");
  EXPECT_EQ(found({"100%"}), "");
  EXPECT_EQ(found({"needle", none, none, none, "1700000001"}), "");
  EXPECT_EQ(found({"needle", "1", "2", none, none, "1699999999"}), "");
  EXPECT_EQ(found({"needle", "1", "4"}), "") << "they never talked";
}

TEST_F(operator_test, a_search_goes_on_where_it_stopped) {
  for (int i = 0; i < 30; ++i) {
    say(anna, 2 + static_cast<std::uint32_t>(i % 2), "needle-" + std::to_string(i));
  }
  for (const std::vector<const char*>& where :
       {std::vector<const char*>{"needle", none, none, none}, std::vector<const char*>{"needle", "1", none, none}}) {
    std::string from;
    std::multiset<std::string> all;
    for (int calls = 0; calls < 20; ++calls) {
      auto values = where;
      values.insert(values.end(), {none, none, from.empty() ? none : from.c_str(), "4"});
      auto some = found(values);
      const auto bar = some.find('|');
      from = bar == some.npos ? "" : some.substr(bar + 1);
      std::istringstream words(some.substr(0, bar));
      for (std::string word; words >> word;) all.insert(word);
      if (bar == some.npos) break;
    }
    EXPECT_EQ(all.size(), 30u);
    for (int i = 0; i < 30; ++i) EXPECT_EQ(all.count("needle-" + std::to_string(i)), 1u) << i;
  }
}

TEST_F(operator_test, a_removed_message_is_seen_by_nobody) {
  say(anna, 2, "one");
  say(anna, 2, "two");
  host.take_pushes();
  EXPECT_EQ(ok("messages remove", {"1", "1", "2"}), R"({"kind":"single","user":1,"peer":2,"id":1,"removed":true})");
  const auto pushes = host.take_pushes();
  ASSERT_EQ(pushes.size(), 2u);
  for (const auto& one : pushes) {
    EXPECT_EQ(one.command, cid::messages_removed_notify);
    EXPECT_EQ(one.which.min_level, 1u);
    const auto notice = parsed<parley::message::IMMessageRemovedNotify>(one.body);
    EXPECT_EQ(notice.session_id(), 3 - one.user);
    EXPECT_EQ(notice.msg_id(), 1u);
  }
  EXPECT_EQ(history(ben, 1).size(), 1u);
  EXPECT_EQ(unread(ben).total_cnt(), 1u);
  EXPECT_EQ(found({"one"}), "");
  EXPECT_EQ(found({"one", "1", "2"}), "");
  EXPECT_EQ(host.verb("messages remove", {"1", "1", "2"}).code, PARLEY_NO_TARGET) << "it is gone";
  EXPECT_NE(ok("messages trace", {"1", "1", "2"}).find(R"("removed":true)"), std::string::npos);
  EXPECT_EQ(say(anna, 2, "three"), 3u) << "numbers go on";
  say_in_group(anna, "all");
  host.take_pushes();
  ok("messages remove", {"1", none, none, "7"});
  EXPECT_EQ(host.take_pushes().size(), 3u);
}

TEST_F(operator_test, a_message_is_traced) {
  host.online = {anna, anna_1, ben, {2, 122, 1}};
  say(anna, 2, "one");
  host.now_ms += 3000;
  acknowledge(ben, 1, 1);
  acknowledge(anna_1, 1, 1);
  host.now_ms += 2000;
  read(ben, 1, 1);
  EXPECT_EQ(ok("messages trace", {"1", "1", "2"}),
            R"({"kind":"single","user":1,"peer":2,"id":1,"sender":1,"removed":false,"accepted":1700000000,)"
            R"("committed":1700000000,"remembered":true,"recipients":2,"complete":true,"pushed":[)"
            R"({"user":2,"session":102,"tag":1,"at":1700000000,"acked":1700000003},)"
            R"({"user":2,"session":122,"tag":1,"at":1700000000,"acked":null},)"
            R"({"user":1,"session":111,"tag":1,"at":1700000000,"acked":1700000003}],)"
            R"("read":[{"user":2,"at":1700000005}],"all_readers":true})");
  say(anna, 2, "two");
  read(ben, 1, 2);
  EXPECT_NE(ok("messages trace", {"1", "1", "2"}).find(R"("read":[{"user":2,"until":1700000005}])"), std::string::npos);
}

TEST_F(operator_test, a_trace_outlives_a_reload_and_says_what_it_does_not_know) {
  host.online = {ben};
  say(anna, 2, "one");
  ASSERT_EQ(host.reload(host.saved()), PARLEY_OK);
  acknowledge(ben, 1, 1);
  EXPECT_NE(ok("messages trace", {"1", "1", "2"}).find(R"("acked":1700000000)"), std::string::npos);
  EXPECT_EQ(host.reload("abc"), PARLEY_MALFORMED);
  ASSERT_EQ(host.reload(std::string("\1\0\0\0", 4)), PARLEY_OK);
  const auto forgotten = ok("messages trace", {"1", "1", "2"});
  EXPECT_NE(forgotten.find(R"("accepted":null,"committed":1700000000,"remembered":false,"pushed":[])"),
            std::string::npos)
      << forgotten;
}

TEST_F(operator_test, a_group_s_message_is_traced) {
  host.online = {anna, ben, carl};
  say_in_group(anna, "all");
  acknowledge(carl, 1, 1, true);  // as TeamTalk's clients: by its author
  acknowledge(ben, 7, 1, true);
  const auto text = ok("messages trace", {"1", none, none, "7"});
  EXPECT_NE(
      text.find(
          R"("recipients":3,"complete":true,"pushed":[{"user":2,"session":102,"tag":1,"at":1700000000,"acked":1700000000},)"
          R"({"user":3,"session":103,"tag":1,"at":1700000000,"acked":1700000000}])"),
      std::string::npos)
      << text;
}

}  // namespace
}  // namespace message_test
