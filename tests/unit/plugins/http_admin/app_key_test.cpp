#include "app_key.hpp"

#include <gtest/gtest.h>
#include <sodium.h>

namespace http_admin {
namespace {

TEST(app_key, is_random_and_fits_into_a_url) {
  ASSERT_GE(sodium_init(), 0);
  const auto one = new_app_key(), other = new_app_key();
  EXPECT_EQ(one.size(), 43u);
  EXPECT_NE(one, other);
  EXPECT_EQ(one.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"), one.npos) << one;
}

TEST(app_key, its_digest_is_sha_256) {
  EXPECT_EQ(digest_of("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

}  // namespace
}  // namespace http_admin
