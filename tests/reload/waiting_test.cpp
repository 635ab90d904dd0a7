// Reloads while a request waits for another plugin, or in another plugin's filter.
#include "holding_fixture.hpp"

namespace parley::test {
namespace {

class a_reload_while_one_waits : public holding_test {
 protected:
  // Who waits has all the time it needs, and goes as soon as it has ended.
  a_reload_while_one_waits()
      : holding_test("reload: {probation: 0ms, quiesce: 60s}\n",
                     "  - {name: schema, file: \"" + changing_file("schema_first") + "\"}\n") {}
  /// What the client hears, in order, up to a heartbeat that comes behind everything.
  std::vector<std::string> heard() {
    std::vector<std::string> out;
    EXPECT_TRUE(client().alive());
    for (const auto& pdu : client().inbox()) out.push_back(std::to_string(pdu.seq) + ": " + pdu.body);
    return out;
  }
};

TEST_F(a_reload_while_one_waits, whose_message_has_another_layout_from_then_on) {
  const std::string note = "\x0a\x02hi";
  client().send(0x8140, 900, note);
  ASSERT_TRUE(one_is_held());
  const auto answer = node().control().call("reload", {{"name", "schema"}, {"file", changing_file("schema_second")}});
  ASSERT_TRUE(answer.ok) << answer.error;
  EXPECT_EQ(answer.result.at(0).at("in_flight"), 2) << "the request and its call";
  const auto fresh = other(0x8141, 0x8142, note);
  EXPECT_NE(fresh.find("hi of second"), std::string::npos);
  EXPECT_NE(fresh.find("\x12\x09"
                       "forty-two"),
            std::string::npos)
      << "field 2 is a text";
  EXPECT_EQ(states("schema").size(), 2u);
  EXPECT_EQ(let_go(), "1");
  const auto old = client().answer(0x8142, 900);
  ASSERT_TRUE(old);
  EXPECT_EQ(old->body, std::string("\x0a\x0bhi of first\x10\x2a")) << "field 2 is a number";
  EXPECT_TRUE(everything_unmapped());
  EXPECT_EQ(states("schema"), (std::map<int, std::string>{{2, "active"}}));
}

TEST_F(a_reload_while_one_waits, in_the_filter_of_who_is_reloaded) {
  client().send(0x8120, 901, "wait");
  client().send(0x8120, 902, "");
  ASSERT_TRUE(one_is_held());
  const auto answer = ask("reload", "waiting_filter");
  ASSERT_TRUE(answer.ok) << answer.error;
  EXPECT_EQ(other(0x8120, 0x8129), "first 1") << "others are not kept waiting";
  EXPECT_EQ(let_go(), "1");
  ASSERT_TRUE(eventually([this] { return reloads().at("unmapped") == 1; }));
  EXPECT_EQ(heard(), (std::vector<std::string>{"901: first 2", "902: first 3"}));
  EXPECT_TRUE(everything_unmapped());
}

TEST_F(a_reload_while_one_waits, in_another_plugins_filter_for_who_is_reloaded) {
  client().send(0x8120, 901, "wait");
  client().send(0x8120, 902, "");
  ASSERT_TRUE(one_is_held());
  build("second");
  const auto answer = ask("reload");
  ASSERT_TRUE(answer.ok) << answer.error;
  EXPECT_EQ(other(0x8120, 0x8129), "second 1");
  EXPECT_EQ(let_go(), "1");
  ASSERT_TRUE(eventually([this] { return reloads().at("unmapped") == 1; }));
  // It ends where it began; who came behind it was not begun.
  EXPECT_EQ(heard(), (std::vector<std::string>{"901: first 1", "902: second 2"}));
  EXPECT_TRUE(everything_unmapped());
}

}  // namespace
}  // namespace parley::test
