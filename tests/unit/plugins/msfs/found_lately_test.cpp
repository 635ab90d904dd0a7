#include "found_lately.hpp"

#include <gtest/gtest.h>

namespace msfs {
namespace {

using what = found::what;

found a_file(std::string path, std::string_view type = "image/png") {
  found out;
  out.is = what::file;
  out.path = std::move(path);
  out.type = type;
  return out;
}

TEST(media_found_lately, are_known_for_a_second) {
  found_lately all;
  EXPECT_EQ(all.get("a", 1000), nullptr);
  all.add("a", a_file("a"), all.epoch(), 1000);
  ASSERT_NE(all.get("a", 1999), nullptr);
  EXPECT_EQ(all.get("a", 1999)->type, "image/png");
  EXPECT_EQ(all.get("a", 2000), nullptr);
  all.add("a", a_file("a", ""), all.epoch(), 2500);
  EXPECT_EQ(all.get("a", 2500)->type, "") << "the newer one";
  EXPECT_EQ(all.size(), 1u);
}

TEST(media_found_lately, are_what_is_there_and_nothing_else) {
  found_lately all;
  for (const auto is : {what::nothing, what::thumbnail_to_make, what::no_thumbnail}) {
    found one;
    one.is = is;
    all.add("a", one, all.epoch(), 1);
    EXPECT_EQ(all.get("a", 1), nullptr);
  }
  found made;
  made.is = what::cached_thumbnail;
  all.add("a", made, all.epoch(), 1);
  EXPECT_NE(all.get("a", 1), nullptr);
}

TEST(media_found_lately, are_bounded_and_the_oldest_go) {
  found_lately all;
  for (int i = 0; i < 5000; ++i) all.add(std::to_string(i), a_file("x"), all.epoch(), 10);
  EXPECT_EQ(all.size(), 1000u);
  EXPECT_EQ(all.get("3999", 10), nullptr);
  EXPECT_NE(all.get("4000", 10), nullptr);
  EXPECT_NE(all.get("4999", 10), nullptr);
  all.add("late", a_file("x"), all.epoch(), 2000);
  EXPECT_EQ(all.size(), 1u) << "those whose time is over go too";
}

TEST(media_found_lately, a_removal_forgets_and_nothing_seen_before_its_end_is_believed) {
  found_lately all;
  all.add("a", a_file("a"), all.epoch(), 1);
  const auto before = all.epoch();
  std::uint64_t meanwhile = 0;
  {
    const found_lately::removal going(all);
    EXPECT_EQ(all.get("a", 1), nullptr);
    meanwhile = all.epoch();
    all.add("a", a_file("a"), meanwhile, 1);
    EXPECT_EQ(all.get("a", 1), nullptr);
  }
  all.add("a", a_file("a"), before, 1);
  all.add("a", a_file("a"), meanwhile, 1);
  EXPECT_EQ(all.get("a", 1), nullptr);
  all.add("a", a_file("a"), all.epoch(), 1);
  EXPECT_NE(all.get("a", 1), nullptr);
}

}  // namespace
}  // namespace msfs
