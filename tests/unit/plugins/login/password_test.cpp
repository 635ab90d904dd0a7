#include "password.hpp"

#include <gtest/gtest.h>

namespace {

using login::cost;

TEST(password, secrets_are_teamtalks) {
  EXPECT_EQ(login::secret_of("12345"), "827ccb0eea8a706c4c34a16891f84e7b");
  EXPECT_EQ(login::secret_of("admin"), "21232f297a57a5a743894a0e4a801fc3");
}

TEST(password, salted_md5_is_teamtalks) {
  const auto secret = login::secret_of("12345");
  EXPECT_EQ(login::teamtalk_hash(secret, "7777"), "b0c507a60841971e3899270c3751e02b");
  EXPECT_TRUE(login::teamtalk_matches(secret, "7777", "b0c507a60841971e3899270c3751e02b"));
  EXPECT_FALSE(login::teamtalk_matches(secret, "7778", "b0c507a60841971e3899270c3751e02b"));
  EXPECT_FALSE(login::teamtalk_matches(secret, "7777", ""));
}

TEST(password, only_lower_case_md5_is_a_secret) {
  EXPECT_TRUE(login::is_secret("827ccb0eea8a706c4c34a16891f84e7b"));
  EXPECT_FALSE(login::is_secret("827CCB0EEA8A706C4C34A16891F84E7B"));
  EXPECT_FALSE(login::is_secret("827ccb0eea8a706c4c34a16891f84e7"));
  EXPECT_FALSE(login::is_secret("12345"));
  EXPECT_FALSE(login::is_secret(""));
}

TEST(password, argon2id_matches_its_secret_only) {
  const auto secret = login::secret_of("12345");
  const auto stored = login::argon2_hash(secret, cost::low);
  EXPECT_TRUE(stored.starts_with("$argon2id$v=19$m=256,t=1,p=1$")) << stored;
  EXPECT_TRUE(login::argon2_matches(secret, stored));
  EXPECT_FALSE(login::argon2_matches(login::secret_of("12346"), stored));
  EXPECT_NE(login::argon2_hash(secret, cost::low), stored);
}

TEST(password, standard_cost_is_two_passes_over_19_mib) {
  EXPECT_TRUE(login::argon2_hash("x", cost::standard).starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
}

TEST(password, text_that_is_no_argon2_never_matches) {
  for (const char* stored : {"", "x", "$argon2id$", "b0c507a60841971e3899270c3751e02b"}) {
    EXPECT_FALSE(login::argon2_matches("x", stored)) << stored;
  }
}

TEST(password, cost_is_raised_and_never_lowered) {
  const auto low = login::argon2_hash("x", cost::low);
  const auto standard = login::argon2_hash("x", cost::standard);
  EXPECT_TRUE(login::argon2_outdated(low, cost::standard));
  EXPECT_FALSE(login::argon2_outdated(standard, cost::standard));
  EXPECT_FALSE(login::argon2_outdated(standard, cost::low));
}

TEST(password, keeping_md5_stores_both) {
  const auto secret = login::secret_of("12345");
  const auto both = login::store_form(secret, cost::low, true);
  EXPECT_EQ(both.salt.size(), 4u);
  EXPECT_TRUE(login::teamtalk_matches(secret, both.salt, both.md5));
  EXPECT_TRUE(login::argon2_matches(secret, both.argon2));
  EXPECT_TRUE(login::store_form(secret, cost::low, false).md5.empty());
}

}  // namespace
