#include "host/pool/sql_url.hpp"

#include <gtest/gtest.h>

namespace parley::host {
namespace {

sql_url parsed(std::string_view text) {
  auto url = parse_sql_url(text);
  EXPECT_TRUE(url) << text << ": " << url.text();
  return url ? *url : sql_url{};
}

TEST(sql_url, sqlite_paths_are_absolute_or_relative) {
  EXPECT_EQ(parsed("sqlite:///var/lib/parley/im.db").path, "/var/lib/parley/im.db");
  EXPECT_EQ(parsed("sqlite://./data/im.db").path, "./data/im.db");
  EXPECT_EQ(parsed("sqlite://im.db").path, "im.db");
  EXPECT_EQ(parsed("sqlite://with%20blank.db").path, "with blank.db");
}

TEST(sql_url, options_follow_a_question_mark) {
  const auto url = parsed("sqlite://./im.db?synchronous=normal&x=%41");
  EXPECT_EQ(url.path, "./im.db");
  EXPECT_EQ(url.options.at("synchronous"), "normal");
  EXPECT_EQ(url.options.at("x"), "A");
}

TEST(sql_url, mysql_in_full) {
  const auto url = parsed("mysql://parley:s%40cr%3Aet@db.example:3307/teamtalk?ssl=on");
  EXPECT_EQ(url.kind, sql_kind::mysql);
  EXPECT_EQ(url.user, "parley");
  EXPECT_EQ(url.password, "s@cr:et");
  ASSERT_EQ(url.hosts.size(), 1u);
  EXPECT_EQ(url.hosts[0].name, "db.example");
  EXPECT_EQ(url.hosts[0].port, 3307);
  EXPECT_EQ(url.database, "teamtalk");
  EXPECT_EQ(url.redacted(), "mysql://parley:***@db.example:3307/teamtalk");
}

TEST(sql_url, mysql_without_port_or_password) {
  EXPECT_EQ(parsed("mysql://root@localhost/x").redacted(), "mysql://root@localhost:3306/x");
  EXPECT_EQ(parsed("mysql://root:p@[::1]:3306/x").hosts.at(0).name, "::1");
  EXPECT_EQ(parsed("mysql://root:p@[::1]/x").redacted(), "mysql://root:***@[::1]:3306/x");
}

TEST(sql_url, mysql_on_several_hosts) {
  const auto url = parsed("mysql://u:p@one,two:3307,[::2]:3308/d");
  ASSERT_EQ(url.hosts.size(), 3u);
  EXPECT_EQ(url.hosts[0].port, 3306);
  EXPECT_EQ(url.hosts[1].name, "two");
  EXPECT_EQ(url.hosts[2].shown(), "[::2]:3308");
  EXPECT_EQ(url.redacted(), "mysql://u:***@one:3306,two:3307,[::2]:3308/d");
}

TEST(sql_url, mysql_on_a_unix_socket) {
  const auto url = parsed("mysql://u:p@/d?socket=/run/my%2bsql.sock&read_timeout=3s");
  ASSERT_EQ(url.hosts.size(), 1u);
  EXPECT_EQ(url.hosts[0].socket, "/run/my+sql.sock");
  EXPECT_EQ(url.options.size(), 1u);
  EXPECT_EQ(url.redacted(), "mysql://u:***@/d?socket=/run/my+sql.sock");
}

TEST(sql_url, what_is_no_url_is_refused_without_its_password) {
  for (const char* bad :
       {"", "sqlite:", "sqlite://", "sqlite://:memory:", "sqlite://a%2", "sqlite://a%zz.db", "sqlite://a%00.db",
        "postgres://u:hidden@h/d", "mysql://h/d", "mysql://u:hidden@h", "mysql://u:hidden@h/", "mysql://u:hidden@h:0/d",
        "mysql://u:hidden@h:99999/d", "mysql://u:hidden@h:1x/d", "mysql://u:hidden@/d", "mysql://u:hidden@a,,b/d", "mysql://u:hidden@a,b:0/d", "mysql://u:hidden@a/d?socket=/x", "mysql://u:hidden@/d?socket=x", "mysql://u:hidden@[::1/d",
        "sqlite://a.db?hidden", "sqlite://a.db?=hidden"}) {
    const auto url = parse_sql_url(bad);
    EXPECT_FALSE(url) << bad;
    EXPECT_EQ(url.text().find("hidden"), std::string::npos) << url.text();
  }
}

}  // namespace
}  // namespace parley::host
