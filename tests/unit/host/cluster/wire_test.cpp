#include <gtest/gtest.h>

#include "host/cluster/announcement.hpp"
#include "host/cluster/fellow.hpp"
#include "host/cluster/wire.hpp"

namespace parley::host {
namespace {

TEST(link_records, are_read_as_they_were_written) {
  record_writer w;
  w.number(0).number(127).number(128).number(UINT64_MAX).text("").text(std::string("a\0b", 3));
  record_reader in(w.bytes());
  EXPECT_EQ(in.number(), 0u);
  EXPECT_EQ(in.number(), 127u);
  EXPECT_EQ(in.number(), 128u);
  EXPECT_EQ(in.number(), UINT64_MAX);
  EXPECT_EQ(in.text(), "");
  EXPECT_EQ(in.text(), std::string_view("a\0b", 3));
  EXPECT_TRUE(in.ok() && in.at_end());
}

TEST(link_records, of_an_older_build_lack_fields_and_are_whole) {
  record_writer w;
  w.number(7);
  record_reader in(w.bytes());
  EXPECT_EQ(in.number(), 7u);
  EXPECT_EQ(in.number(), 0u);
  EXPECT_EQ(in.text(), "");
  EXPECT_TRUE(in.ok());
}

TEST(link_records, that_end_within_a_field_are_broken) {
  record_writer w;
  w.number(300).text("hello");
  for (std::size_t cut = 1; cut < w.bytes().size(); ++cut) {
    if (cut == 2) continue;  // between the fields
    record_reader in(std::string_view(w.bytes()).substr(0, cut));
    in.number();
    in.text();
    EXPECT_FALSE(in.ok()) << cut;
    EXPECT_EQ(in.number(), 0u);
  }
}

TEST(link_records, with_numbers_out_of_range_are_broken) {
  const auto broken = [](std::string_view bytes, auto read) {
    record_reader in(bytes);
    read(in);
    return !in.ok();
  };
  EXPECT_TRUE(broken(std::string(11, '\xff'), [](auto& in) { in.number(); }));
  EXPECT_TRUE(broken(record_writer().number(65536).bytes(), [](auto& in) { in.number16(); }));
  EXPECT_TRUE(broken(record_writer().number(1ull << 32).bytes(), [](auto& in) { in.number32(); }));
  EXPECT_TRUE(broken(record_writer().number(UINT64_MAX).bytes(), [](auto& in) { in.text(); }));
  EXPECT_TRUE(broken(record_writer().text("too long").bytes(), [](auto& in) { in.text(3); }));
}

announcement example() {
  return {7, true, {{"message", "1.0", {{0x0301, 1}, {0x0308, 0}}, {"user.changed"}}, {"idle", "2", {}, {}}}};
}

TEST(announcements, are_read_as_they_were_written) {
  announcement back;
  ASSERT_TRUE(decode(back, encode(example())));
  EXPECT_EQ(back.notice, 7u);
  EXPECT_TRUE(back.draining);
  EXPECT_EQ(back.plugins, example().plugins);
}

TEST(announcements, that_were_cut_are_broken_or_shorter_and_never_more) {
  const auto whole = encode(example());
  for (std::size_t cut = 0; cut < whole.size(); ++cut) {
    announcement back;
    decode(back, std::string_view(whole).substr(0, cut));
    EXPECT_LE(back.plugins.size(), 2u) << cut;
  }
  announcement back;
  EXPECT_FALSE(decode(back, record_writer().number(1).number(0).number(1u << 30).bytes())) << "a million plugins";
}

TEST(announcements, say_who_hears_what_but_not_its_own_kind) {
  EXPECT_TRUE(example().hears("user.changed", "login"));
  EXPECT_FALSE(example().hears("user.changed", "message"));
  EXPECT_FALSE(example().hears("message.committed", "login"));
}

TEST(registry_values, are_read_as_they_were_written) {
  fellow_facts f;
  f.who = {"edge-1", 0xfedcba9876543210, 40000};
  f.version = "0.1.0";
  f.state = "ready";
  f.link_address = "10.0.0.1";
  f.link_port = 9000;
  f.sessions = 12;
  f.clients = {{"203.0.113.5", 8000, 12, 20000}};
  f.plugins = {{"message", "1.0", {0x0301, 0x0309}}};
  const auto back = fellow_from_json(to_json(f));
  ASSERT_TRUE(back);
  EXPECT_EQ(back->who.name, "edge-1");
  EXPECT_EQ(back->who.incarnation, 0xfedcba9876543210);
  EXPECT_EQ(back->who.number, 40000u);
  EXPECT_EQ(back->link_port, 9000u);
  ASSERT_EQ(back->clients.size(), 1u);
  EXPECT_EQ(back->clients[0].capacity, 20000u);
  ASSERT_EQ(back->plugins.size(), 1u);
  EXPECT_EQ(back->plugins[0].commands, (std::vector<std::uint16_t>{0x0301, 0x0309}));
}

TEST(registry_values, of_others_are_taken_for_what_they_are) {
  for (const char* text :
       {"", "{}", "[]", "null", "{\"name\":\"x\"}", "{\"name\":7,\"incarnation\":\"1\",\"number\":1}",
        "{\"name\":\"x\",\"incarnation\":\"1z\",\"number\":1}",
        "{\"name\":\"x\",\"incarnation\":\"1\",\"number\":70000}", "{\"name\":\"x\""}) {
    EXPECT_FALSE(fellow_from_json(text)) << text;
  }
  const auto odd = fellow_from_json(
      R"({"name":"x","incarnation":"1","number":1,"link":[],"clients":[3],"plugins":[{"commands":["0x0301",9,"zz"]}]})");
  ASSERT_TRUE(odd);
  EXPECT_EQ(odd->link_port, 0u);
  ASSERT_EQ(odd->plugins.size(), 1u);
  EXPECT_EQ(odd->plugins[0].commands, std::vector<std::uint16_t>{0x0301});
}

}  // namespace
}  // namespace parley::host
