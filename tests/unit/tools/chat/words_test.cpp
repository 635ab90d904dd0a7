#include "chat/words.hpp"

#include <gtest/gtest.h>

namespace parley::chat {
namespace {

using list = std::vector<std::string>;

TEST(words, are_cut_at_spaces_and_kept_together_by_quotes) {
  EXPECT_EQ(words("  one  two ").take_all(), (list{"one", "two"}));
  EXPECT_EQ(words("\"our team\" bob").take_all(), (list{"our team", "bob"}));
  EXPECT_EQ(words("#\"our team\" b\"o\"b").take_all(), (list{"#our team", "bob"}));
  EXPECT_EQ(words("\"never closed").take_all(), (list{"never closed"}));
  EXPECT_EQ(words("").take_all(), list{});
  EXPECT_TRUE(words("   ").empty());
  EXPECT_EQ(words("\"\"").take_all(), (list{""}));
}

TEST(words, leave_the_rest_as_it_was_typed) {
  words given("bob  she said \"yes\"  twice ");
  EXPECT_EQ(given.take(), "bob");
  EXPECT_EQ(given.rest(), "she said \"yes\"  twice");
  words quoted("bob \"one remark\"");
  quoted.take();
  EXPECT_EQ(quoted.rest(), "one remark");
  EXPECT_EQ(words("").rest(), "");
}

TEST(words, give_a_group_only_when_it_is_the_first) {
  words given("#team bob");
  EXPECT_EQ(given.take_group(), "#team");
  EXPECT_EQ(given.take_group(), "");
  EXPECT_EQ(given.size(), 1u);
  EXPECT_EQ(given.take(), "bob");
  EXPECT_EQ(given.take(), "");
}

TEST(words, give_a_text_at_the_end_only_when_it_is_quoted) {
  words given("bob carol \"come with us\"");
  EXPECT_EQ(given.take_quoted_end(), "come with us");
  EXPECT_EQ(given.take_quoted_end(), "");
  EXPECT_EQ(given.rest(), "bob carol");
  EXPECT_EQ(given.take_all(), (list{"bob", "carol"}));
}

}  // namespace
}  // namespace parley::chat
