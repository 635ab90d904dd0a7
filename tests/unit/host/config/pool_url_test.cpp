#include "host/config/pool_url.hpp"

#include <gtest/gtest.h>

#include <cstdlib>

#include "host/config/redis_url.hpp"

namespace parley::host {
namespace {

TEST(pool_passwords, are_found_however_they_stand_in_the_file) {
  EXPECT_TRUE(has_literal_password("mysql://u:secret@h/d"));
  EXPECT_TRUE(has_literal_password("mysql://u:pre${P}@h/d"));
  EXPECT_TRUE(has_literal_password("mysql://u:${P:-secret}@h/d"));
  EXPECT_TRUE(has_literal_password("${SQL:-mysql://u:secret@h/d}"));
  EXPECT_TRUE(has_literal_password("mysql://u:se@cret@h/d"));
  EXPECT_TRUE(has_literal_password("redis://:secret@h"));
  EXPECT_TRUE(has_literal_password("mysql://u@h/d?password=secret"));
}

TEST(pool_passwords, from_the_environment_are_as_they_should_be) {
  EXPECT_FALSE(has_literal_password("mysql://u:${P}@h:3306/d"));
  EXPECT_FALSE(has_literal_password("mysql://${U:-parley}:${P:-${Q}}@${H:-db}:3306/d"));
  EXPECT_FALSE(has_literal_password("${SQL:-mysql://u:${P}@h/d}"));
  EXPECT_FALSE(has_literal_password("mysql://u@h/d?password=${P}"));
}

TEST(pool_passwords, are_not_seen_where_there_are_none) {
  EXPECT_FALSE(has_literal_password("sqlite://${DATA:-./data}/parley.db"));
  EXPECT_FALSE(has_literal_password("mysql://u@h:3306/d"));
  EXPECT_FALSE(has_literal_password("mysql://u:@h/d"));
  EXPECT_FALSE(has_literal_password("memory:"));
  EXPECT_FALSE(has_literal_password(""));
}

std::vector<diagnostic> errors_for(const std::string& url) {
  std::vector<diagnostic> errors;
  parse_manifest("pools:\n  m:\n    kind: sql\n    url: " + url + "\n", "m.yaml", errors);
  return errors;
}

TEST(pool_urls, are_of_a_known_form) {
  setenv("PARLEY_TEST_SECRET", "hunter2", 1);
  for (const char* good :
       {"sqlite://./x.db", "sqlite:///var/x.db", "mysql://u@h/d", "mysql://u:${PARLEY_TEST_SECRET}@h:3306/d",
        "mysql://u:${PARLEY_TEST_SECRET}@[::1]:3306/d", "mysql://u@a,b:3307/d", "mysql://u@/d?socket=/run/m.sock",
        "mysql://u@h/d?connect_timeout=2s&read_timeout=30s", "sqlite://x.db?synchronous=normal"}) {
    EXPECT_TRUE(errors_for(good).empty()) << good << errors_for(good).at(0).text;
  }
  for (const char* bad : {"sqlite://", "sqlite", "postgres://u@h/d", "mysql://h/d", "mysql://u@h", "mysql://u@/d",
                          "mysql://u@h:0/d", "mysql://u@a,,b/d", "mysql://u@h/d?socket=/x", "mysql://u@h/d?reconnect=1",
                          "mysql://u@h/d?read_timeout=5", "sqlite://x.db?synchronous=off", "\"\""}) {
    EXPECT_EQ(errors_for(bad).size(), 1u) << bad;
  }
  EXPECT_NE(errors_for("sqlit://x").at(0).text.find("did you mean \"sqlite://\"?"), std::string::npos);
}

std::vector<diagnostic> cache_errors_for(const std::string& url) {
  std::vector<diagnostic> errors;
  parse_manifest("pools:\n  c:\n    kind: cache\n    url: " + url + "\n", "m.yaml", errors);
  return errors;
}

TEST(cache_urls, are_of_a_known_form) {
  setenv("PARLEY_TEST_SECRET", "hun%40ter2", 1);
  for (const char* good :
       {"\"memory:\"", "redis://h", "redis://h:6380", "redis://h/3", "redis://10.0.0.1:6379/15", "redis://[::1]:6379/0",
        "redis://:${PARLEY_TEST_SECRET}@h", "redis://u:${PARLEY_TEST_SECRET}@h:1/2", "redis+unix:///run/redis.sock",
        "redis+unix:///run/redis.sock?db=2", "redis+unix://u:${PARLEY_TEST_SECRET}@/run/redis.sock"}) {
    const auto errors = cache_errors_for(good);
    EXPECT_TRUE(errors.empty()) << good << ": " << errors.at(0).text;
  }
}

TEST(cache_urls, are_refused_with_what_is_wrong_with_them) {
  setenv("PARLEY_TEST_SECRET", "hunter2", 1);
  const std::pair<const char*, const char*> bad[] = {
      {"redis://", "the host is missing"},
      {"redis://h:0", "port has to be a number from 1 to 65535"},
      {"redis://h:x", "port has to be a number"},
      {"redis://h/x", "database has to be a number"},
      {"redis://[::1", "] of the address is missing"},
      {"redis://u@h", "before the @ stand USER:PASSWORD"},
      {"redis://u:@h", "password before the @ is empty"},
      {"redis+unix://run/redis.sock", "has to be absolute"},
      {"redis+unix:///run/redis.sock?x=2", "only db=N"},
      {"rediss://h", "TLS"},
      {"redis:h", "expected redis://"},
      {"rediz://h", "did you mean \"redis://\"?"},
      {"memory", "did you mean \"memory:\"?"},
      {"memcached://h", "expected memory:"},
      {"redis://u:secret@h", "secrets are never in the file"},
  };
  for (const auto& [url, why] : bad) {
    const auto errors = cache_errors_for(url);
    ASSERT_EQ(errors.size(), 1u) << url;
    EXPECT_NE(errors[0].text.find(why), std::string::npos) << errors[0].text;
    EXPECT_EQ(errors[0].at.line, 4) << url;
  }
  EXPECT_EQ(cache_errors_for("redis://u:${PARLEY_TEST_SECRET}@h:x").at(0).text.find("hunter2"), std::string::npos);
}

TEST(cache_urls, are_taken_apart) {
  const auto all = parse_redis_url("redis://us%3Aer:p%40ss:w/%25rd@[::1]:7000/4");
  ASSERT_TRUE(all) << all.text();
  EXPECT_EQ(all->user, "us:er");
  EXPECT_EQ(all->password, "p@ss:w/%rd");
  EXPECT_EQ(all->host, "::1");
  EXPECT_EQ(all->port, 7000);
  EXPECT_EQ(all->db, 4u);
  EXPECT_EQ(all->shown(), "redis://[::1]:7000/4");
  const auto plain = parse_redis_url("redis://h/");
  ASSERT_TRUE(plain);
  EXPECT_EQ(plain->shown(), "redis://h:6379");
  const auto local = parse_redis_url("redis+unix:///a/b?db=1");
  ASSERT_TRUE(local);
  EXPECT_EQ(local->path, "/a/b");
  EXPECT_EQ(local->shown(), "redis+unix:///a/b?db=1");
}

TEST(pool_urls, never_show_what_the_environment_holds) {
  setenv("PARLEY_TEST_SECRET", "hunter2", 1);
  const auto errors = errors_for("mysq://u:${PARLEY_TEST_SECRET}@h/d");
  ASSERT_EQ(errors.size(), 1u);
  EXPECT_EQ(errors[0].text.find("hunter2"), std::string::npos);
}

}  // namespace
}  // namespace parley::host
