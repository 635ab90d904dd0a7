#include "host/config/environment.hpp"

#include <gtest/gtest.h>

namespace parley::host {
namespace {

std::optional<std::string> fixed(const std::string& name) {
  if (name == "PORT") return "8000";
  if (name == "EMPTY") return "";
  if (name == "YAML") return "x\nplugins: [evil] # ${PORT}";
  return std::nullopt;
}

std::string expanded(std::string_view text) {
  const expansion result = expand_variables(text, fixed);
  EXPECT_EQ(result.problem, "");
  EXPECT_TRUE(result.missing.empty());
  return result.text;
}

TEST(variables, are_replaced_where_they_stand) {
  EXPECT_EQ(expanded("${PORT}"), "8000");
  EXPECT_EQ(expanded("a${PORT}b${PORT}"), "a8000b8000");
  EXPECT_EQ(expanded("nothing"), "nothing");
}

TEST(variables, have_defaults_for_when_they_are_unset_or_empty) {
  EXPECT_EQ(expanded("${PORT:-1}"), "8000");
  EXPECT_EQ(expanded("${UNSET:-1}"), "1");
  EXPECT_EQ(expanded("${UNSET:-}"), "");
  EXPECT_EQ(expanded("${EMPTY:-1}"), "1");
  EXPECT_EQ(expanded("${EMPTY}"), "");
}

TEST(variables, nest_in_defaults) {
  EXPECT_EQ(expanded("${SQL:-sqlite://${DATA:-./data}/parley.db}"), "sqlite://./data/parley.db");
  EXPECT_EQ(expanded("${A:-${B:-${PORT}}}"), "8000");
}

TEST(variables, that_a_default_names_are_not_missed_when_it_is_not_taken) {
  EXPECT_EQ(expanded("${PORT:-${UNSET}}"), "8000");
}

TEST(variables, are_not_expanded_a_second_time) {
  EXPECT_EQ(expanded("${YAML}"), *fixed("YAML"));
}

TEST(variables, leave_dollar_signs_alone) {
  EXPECT_EQ(expanded("$${PORT}"), "${PORT}");
  EXPECT_EQ(expanded("5$ $PORT"), "5$ $PORT");
  EXPECT_EQ(expanded("$$$$"), "$$");
  EXPECT_EQ(expanded("$"), "$");
}

TEST(variables, that_are_missing_are_all_named) {
  const expansion result = expand_variables("${ONE}-${TWO}-${PORT}", fixed);
  EXPECT_EQ(result.missing, (std::vector<std::string>{"ONE", "TWO"}));
}

TEST(variables, written_badly_are_a_problem) {
  for (const char* bad :
       {"${", "${}", "${PORT", "${PORT:-", "${PORT:-x", "${1X}", "${PORT-x}", "${PORT:=x}", "${ PORT}", "${A:-${B}"}) {
    EXPECT_NE(expand_variables(bad, fixed).problem, "") << bad;
  }
}

TEST(variables, nested_beyond_reason_are_a_problem) {
  std::string deep;
  for (int i = 0; i < 100000; ++i) deep += "${A:-";
  EXPECT_NE(expand_variables(deep, fixed).problem, "");
}

TEST(variables, cannot_make_a_value_long_beyond_reason) {
  std::string many;
  for (int i = 0; i < 10000; ++i) many += "${PORT}";
  EXPECT_NE(expand_variables(many, fixed).problem, "");
}

TEST(variables, tell_what_stood_in_the_file) {
  const expansion result = expand_variables("a${PORT}${UNSET:-b}", fixed);
  EXPECT_EQ(result.from_file, (std::vector<bool>{true, false, false, false, false, true}));
}

}  // namespace
}  // namespace parley::host
