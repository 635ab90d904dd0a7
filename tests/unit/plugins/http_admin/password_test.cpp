#include "password.hpp"

#include <gtest/gtest.h>
#include <sodium.h>

namespace http_admin {
namespace {

struct password : testing::Test {
  password() { EXPECT_GE(sodium_init(), 0); }
};

TEST_F(password, is_kept_as_argon2id_with_a_salt_of_its_own) {
  const auto one = password_hash("correct horse", cost::low), other = password_hash("correct horse", cost::low);
  EXPECT_TRUE(one.starts_with("$argon2id$v=19$m=256,t=1,p=1$")) << one;
  EXPECT_NE(one, other);
  EXPECT_TRUE(password_matches("correct horse", one));
  EXPECT_FALSE(password_matches("correct horsf", one));
  EXPECT_FALSE(password_matches("", one));
  EXPECT_FALSE(password_matches("correct horse", "no hash"));
}

TEST_F(password, nobodys_is_of_the_same_cost_and_matches_nothing) {
  EXPECT_TRUE(std::string(nobodys_hash(cost::standard)).starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
  EXPECT_TRUE(password_hash("x", cost::standard).starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
  for (const auto effort : {cost::standard, cost::low}) {
    EXPECT_EQ(crypto_pwhash_str_needs_rehash(nobodys_hash(effort), effort == cost::standard ? 2 : 1,
                                             effort == cost::standard ? 19u << 20 : 256u << 10),
              0)
        << "a well-formed one, or comparing would end at once";
    EXPECT_FALSE(password_matches("password", nobodys_hash(effort)));
  }
}

TEST_F(password, what_is_made_is_long_enough_and_never_the_same) {
  const auto one = new_password();
  EXPECT_EQ(one.size(), 20u);
  EXPECT_NE(one, new_password());
  EXPECT_EQ(fault_of_password(one), "");
}

TEST_F(password, has_limits) {
  EXPECT_NE(fault_of_password("1234567"), "");
  EXPECT_EQ(fault_of_password("12345678"), "");
  EXPECT_EQ(fault_of_password(std::string(200, 'x')), "");
  EXPECT_NE(fault_of_password(std::string(201, 'x')), "");
  EXPECT_NE(fault_of_password("1234567\xff"), "");
  EXPECT_NE(fault_of_password(std::string("12345678\0", 9)), "");
}

}  // namespace
}  // namespace http_admin
