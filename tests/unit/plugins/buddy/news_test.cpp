#include "news.hpp"

#include <gtest/gtest.h>

#include "events.hpp"
#include "events/user.pb.h"

namespace {

TEST(directory_news, name_each_once_until_they_are_told) {
  buddy::directory_news news;
  EXPECT_TRUE(news.empty());
  for (const std::uint32_t id : {7u, 3u, 7u, 0u}) news.user(id);
  news.department(2);
  const auto told = news.take();
  EXPECT_EQ(std::vector<std::uint32_t>(told.user_id().begin(), told.user_id().end()),
            (std::vector<std::uint32_t>{3, 7}));
  EXPECT_EQ(told.department_id(0), 2u);
  EXPECT_FALSE(told.more());
  EXPECT_TRUE(news.empty());
}

TEST(directory_news, of_very_many_say_that_there_are_more) {
  buddy::directory_news news;
  for (std::uint32_t id = 1; id <= 100'000; ++id) news.user(id);
  const auto told = news.take();
  EXPECT_EQ(told.user_id_size(), 500);
  EXPECT_TRUE(told.more());
  EXPECT_LT(told.ByteSizeLong(), 4096u);
  EXPECT_FALSE(news.take().more());
}

TEST(directory_news, are_no_signatures_friends_or_passwords) {
  const auto of_directory = [](auto&& fill) {
    parley::events::UserChanged event;
    event.set_user_id(5);
    fill(event);
    const auto bytes = event.SerializeAsString();
    buddy::user_change heard;
    EXPECT_TRUE(heard.ParsePartialFromArray(bytes.data(), static_cast<int>(bytes.size())));
    EXPECT_EQ(heard.user(), 5u);
    return heard.of_directory();
  };
  using parley::events::UserChanged;
  EXPECT_TRUE(of_directory([](UserChanged& e) { e.set_what(parley::events::USER_CREATED); }));
  EXPECT_TRUE(of_directory([](UserChanged& e) { e.set_what(parley::events::USER_STATUS); }));
  EXPECT_TRUE(of_directory([](UserChanged& e) { e.set_what(parley::events::USER_PROFILE); }));
  EXPECT_FALSE(of_directory([](UserChanged& e) {
    e.set_what(parley::events::USER_PROFILE);
    e.set_sign_info("");
  }));
  EXPECT_FALSE(of_directory([](UserChanged& e) { e.set_what(parley::events::USER_FRIENDS); }));
  EXPECT_FALSE(of_directory([](UserChanged& e) { e.set_what(parley::events::USER_CREDENTIAL); }));
  EXPECT_FALSE(of_directory([](UserChanged& e) { e.set_what(99); }));
}

}  // namespace
