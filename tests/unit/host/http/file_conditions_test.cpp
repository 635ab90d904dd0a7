#include "host/http/file_conditions.hpp"

#include <gtest/gtest.h>

namespace parley::host {
namespace {

constexpr std::int64_t written = 784111777;  // Sun, 06 Nov 1994 08:49:37 GMT
constexpr const char* written_text = "Sun, 06 Nov 1994 08:49:37 GMT";
constexpr const char* before_text = "Sun, 06 Nov 1994 08:49:36 GMT";

file_choice choice(const file_conditions& asked, std::uint64_t size = 1000) {
  return choose(&asked, {"\"e\"", written, size}, written + 100);
}

std::string range(std::string_view text, std::uint64_t size = 1000) {
  file_conditions asked;
  asked.range = text;
  const auto c = choice(asked, size);
  return std::to_string(c.code) + " " + std::to_string(c.from) + "+" + std::to_string(c.size);
}

TEST(file_conditions, dates_come_in_three_forms) {
  EXPECT_EQ(parse_http_date(written_text), written);
  EXPECT_EQ(parse_http_date("Sunday, 06-Nov-94 08:49:37 GMT"), written);
  EXPECT_EQ(parse_http_date("Sun Nov  6 08:49:37 1994"), written);
  for (const char* bad : {"", "x", "Sun, 06 Nov 1994 08:49:37", "Sun, 06 Nov 1994 08:49:37 GMT x", "784111777"})
    EXPECT_FALSE(parse_http_date(bad)) << bad;
}

TEST(file_conditions, one_range_is_a_part) {
  EXPECT_EQ(range("bytes=0-0"), "206 0+1");
  EXPECT_EQ(range("bytes=0-499"), "206 0+500");
  EXPECT_EQ(range("bytes=500-"), "206 500+500");
  EXPECT_EQ(range("bytes=999-5000"), "206 999+1");
  EXPECT_EQ(range("bytes=-1"), "206 999+1");
  EXPECT_EQ(range("bytes=-5000"), "206 0+1000");
  EXPECT_EQ(range("BYTES=1-2"), "206 1+2");
  EXPECT_EQ(range("bytes=0-99999999999999999999999"), "206 0+1000");
}

TEST(file_conditions, what_lies_outside_is_416) {
  EXPECT_EQ(range("bytes=1000-"), "416 0+0");
  EXPECT_EQ(range("bytes=99999999999999999999999-"), "416 0+0");
  EXPECT_EQ(range("bytes=-0"), "416 0+0");
  EXPECT_EQ(range("bytes=0-", 0), "416 0+0");
}

TEST(file_conditions, several_ranges_and_nonsense_get_the_whole) {
  for (const char* text : {"bytes=0-1,3-4", "bytes=", "bytes=-", "bytes=5-4", "bytes=a-b", "items=0-1", "bytes 0-1",
                           "bytes=0-1x", "bytes=+1-2", "bytes=0--1", "bytes=1"})
    EXPECT_EQ(range(text), "200 0+1000") << text;
  EXPECT_EQ(range("bytes=-5", 0), "200 0+0");
}

TEST(file_conditions, none_match_makes_304) {
  file_conditions asked;
  for (const char* same : {"\"e\"", "W/\"e\"", "\"x\", \"e\"", "*", "\"x\",W/\"y\" , W/\"e\""}) {
    asked.if_none_match = same;
    EXPECT_EQ(choice(asked).code, 304u) << same;
  }
  for (const char* other : {"\"x\"", "e", "\"e", "W/e", ",", "\"E\""}) {
    asked.if_none_match = other;
    EXPECT_EQ(choice(asked).code, 200u) << other;
  }
  asked.if_none_match = "\"x\"";
  asked.if_modified_since = written_text;
  EXPECT_EQ(choice(asked).code, 200u) << "the date does not count beside it";
}

TEST(file_conditions, modified_since_makes_304) {
  file_conditions asked;
  asked.if_modified_since = written_text;
  EXPECT_EQ(choice(asked).code, 304u);
  asked.if_modified_since = before_text;
  EXPECT_EQ(choice(asked).code, 200u);
  asked.if_modified_since = "yesterday";
  EXPECT_EQ(choice(asked).code, 200u);
}

TEST(file_conditions, match_and_unmodified_since_make_412) {
  file_conditions asked;
  asked.if_match = "\"x\"";
  EXPECT_EQ(choice(asked).code, 412u);
  asked.if_match = "W/\"e\"";
  EXPECT_EQ(choice(asked).code, 412u) << "a weak tag is nobody's";
  asked.if_match = "\"x\", \"e\"";
  asked.if_unmodified_since = before_text;
  EXPECT_EQ(choice(asked).code, 200u);
  asked.if_match.clear();
  EXPECT_EQ(choice(asked).code, 412u);
  asked.if_unmodified_since = written_text;
  EXPECT_EQ(choice(asked).code, 200u);
}

TEST(file_conditions, a_range_of_another_file_gets_the_whole) {
  file_conditions asked;
  asked.range = "bytes=0-1";
  for (const char* same : {"\"e\"", written_text}) {
    asked.if_range = same;
    EXPECT_EQ(choice(asked).code, 206u) << same;
  }
  for (const char* other : {"\"x\"", "W/\"e\"", before_text, "nonsense"}) {
    asked.if_range = other;
    EXPECT_EQ(choice(asked).code, 200u) << other;
  }
  asked.if_range = written_text;
  EXPECT_EQ(choose(&asked, {"\"e\"", written, 1000}, written).code, 200u) << "it may be written again this second";
}

TEST(file_conditions, are_copied_from_the_headers_that_matter) {
  const http_header none[] = {make_header("host", "h"), make_header("if-x", "y"), make_header("ranged", "z")};
  EXPECT_EQ(file_conditions::of(none), nullptr);
  const http_header some[] = {make_header("range", "bytes=0-1"), make_header("if-none-match", "\"a\""),
                              make_header("if-none-match", "\"b\"")};
  const auto asked = file_conditions::of(some);
  ASSERT_NE(asked, nullptr);
  EXPECT_EQ(asked->range, "bytes=0-1");
  EXPECT_EQ(asked->if_none_match, "\"a\", \"b\"");
}

}  // namespace
}  // namespace parley::host
