#include "chat/picture_shelf.hpp"

#include <gtest/gtest.h>

#include "client/media.hpp"

namespace parley::chat {
namespace {

TEST(picture_shelf, numbers_pictures_in_a_text) {
  picture_shelf shelf;
  EXPECT_EQ(shelf.named("hello"), "hello");
  EXPECT_EQ(shelf.named("look " + client::picture_text("http://h/a") + client::picture_text("http://h/b") + "!"),
            "look [picture 1 http://h/a][picture 2 http://h/b]!");
  EXPECT_EQ(shelf.named(client::picture_text("http://h/a")), "[picture 1 http://h/a]") << "the same one again";
  ASSERT_TRUE(shelf.find(2));
  EXPECT_EQ(*shelf.find(2), "http://h/b");
  EXPECT_FALSE(shelf.find(0));
  EXPECT_FALSE(shelf.find(3));
}

TEST(picture_shelf, shows_an_unfinished_mark_as_it_is) {
  picture_shelf shelf;
  EXPECT_EQ(shelf.named("&$#@~^@[{:http://h/a"), "&$#@~^@[{:http://h/a");
  EXPECT_FALSE(shelf.find(1));
}

TEST(picture_shelf, forgets_the_oldest_and_keeps_the_numbers) {
  picture_shelf shelf;
  for (int i = 1; i <= 1001; ++i) shelf.named(client::picture_text("u" + std::to_string(i)));
  EXPECT_FALSE(shelf.find(1));
  ASSERT_TRUE(shelf.find(2));
  EXPECT_EQ(*shelf.find(2), "u2");
  EXPECT_EQ(*shelf.find(1001), "u1001");
  EXPECT_EQ(shelf.named(client::picture_text("u1")), "[picture 1002 u1]");
}

}  // namespace
}  // namespace parley::chat
