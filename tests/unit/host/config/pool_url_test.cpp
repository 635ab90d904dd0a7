#include "host/config/pool_url.hpp"

#include <gtest/gtest.h>

#include <cstdlib>

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
        "mysql://u:${PARLEY_TEST_SECRET}@[::1]:3306/d"}) {
    EXPECT_TRUE(errors_for(good).empty()) << good << errors_for(good).at(0).text;
  }
  for (const char* bad : {"sqlite://", "sqlite", "postgres://u@h/d", "mysql://h/d", "mysql://u@h", "mysql://u@/d",
                          "mysql://u@h:0/d", "\"\""}) {
    EXPECT_EQ(errors_for(bad).size(), 1u) << bad;
  }
  EXPECT_NE(errors_for("sqlit://x").at(0).text.find("did you mean \"sqlite://\"?"), std::string::npos);
}

TEST(pool_urls, never_show_what_the_environment_holds) {
  setenv("PARLEY_TEST_SECRET", "hunter2", 1);
  const auto errors = errors_for("mysq://u:${PARLEY_TEST_SECRET}@h/d");
  ASSERT_EQ(errors.size(), 1u);
  EXPECT_EQ(errors[0].text.find("hunter2"), std::string::npos);
}

}  // namespace
}  // namespace parley::host
