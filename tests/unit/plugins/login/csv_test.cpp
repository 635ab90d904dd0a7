#include "csv.hpp"

#include <gtest/gtest.h>

namespace {

using fields = std::vector<std::string>;

std::vector<login::csv_record> read(std::string_view text) {
  login::csv_reader reader(text);
  std::vector<login::csv_record> records;
  while (auto record = reader.next()) records.push_back(std::move(*record));
  return records;
}

TEST(csv, splits_fields_and_records) {
  const auto records = read("a,b\n1,2\n");
  ASSERT_EQ(records.size(), 2u);
  EXPECT_EQ(records[0].fields, (fields{"a", "b"}));
  EXPECT_EQ(records[1].fields, (fields{"1", "2"}));
  EXPECT_EQ(records[1].line, 2u);
}

TEST(csv, takes_crlf_a_byte_order_mark_blank_lines_and_a_last_line_without_end) {
  const auto records = read("\xef\xbb\xbfname,x\r\n\r\n\nada,");
  ASSERT_EQ(records.size(), 2u);
  EXPECT_EQ(records[0].fields, (fields{"name", "x"}));
  EXPECT_EQ(records[1].fields, (fields{"ada", ""}));
  EXPECT_EQ(records[1].line, 4u);
}

TEST(csv, reads_quoted_commas_quotes_and_line_ends) {
  const auto records = read("\"a,b\",\"say \"\"hi\"\"\",\"two\nlines\"\nnext,,\n");
  ASSERT_EQ(records.size(), 2u);
  EXPECT_EQ(records[0].fields, (fields{"a,b", "say \"hi\"", "two\nlines"}));
  EXPECT_EQ(records[1].fields, (fields{"next", "", ""}));
  EXPECT_EQ(records[1].line, 3u);
}

TEST(csv, an_empty_quoted_field_is_a_field) {
  const auto records = read("\"\"\n");
  ASSERT_EQ(records.size(), 1u);
  EXPECT_EQ(records[0].fields, (fields{""}));
}

TEST(csv, reports_a_broken_line_and_goes_on_behind_it) {
  const auto records = read("a\nb\"c\n\"d\"e\nf\n");
  ASSERT_EQ(records.size(), 4u);
  EXPECT_FALSE(records[1].fault.empty());
  EXPECT_EQ(records[2].line, 3u);
  EXPECT_FALSE(records[2].fault.empty());
  EXPECT_TRUE(records[3].fault.empty());
  EXPECT_EQ(records[3].line, 4u);
}

TEST(csv, an_open_quote_costs_one_line_only) {
  const auto records = read("a\n\"open\nb\n");
  ASSERT_EQ(records.size(), 3u);
  EXPECT_FALSE(records[1].fault.empty());
  EXPECT_EQ(records[2].fields, (fields{"b"}));
  EXPECT_EQ(records[2].line, 3u);
}

TEST(csv, nothing_is_no_record) {
  EXPECT_TRUE(read("").empty());
}

}  // namespace
