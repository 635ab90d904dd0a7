#include "token.hpp"

#include <gtest/gtest.h>

#include <sys/stat.h>

#include <filesystem>
#include <fstream>

#include "descriptor.hpp"
#include "support/temp_dir.hpp"

namespace msfs {
namespace {

TEST(upload_token, says_whose_it_is_until_it_expires) {
  const token_mint mint("a key");
  const auto token = mint.make(42, 1000);
  EXPECT_EQ(mint.check(token, 999), 42u);
  EXPECT_FALSE(mint.check(token, 1000));
  EXPECT_NE(token, mint.make(42, 1000));
  EXPECT_FALSE(token_mint("another key").check(token, 0));
}

TEST(upload_token, no_changed_byte_passes) {
  const token_mint mint("a key");
  const auto token = mint.make(42, 1000);
  for (std::size_t i = 0; i < token.size(); ++i) {
    for (const char byte : {'0', '1', '.', 'f', '\0'}) {
      auto forged = token;
      forged[i] = byte;
      if (forged != token) {
        EXPECT_FALSE(mint.check(forged, 0)) << forged;
      }
    }
    EXPECT_FALSE(mint.check(token.substr(0, i), 0));
    EXPECT_FALSE(mint.check(token.substr(i + 1), 0));
  }
  EXPECT_FALSE(mint.check(token + "0", 0));
  EXPECT_FALSE(mint.check("", 0));
  EXPECT_FALSE(mint.check("....", 0));
  EXPECT_FALSE(mint.check(std::string(100000, '.'), 0));
}

TEST(upload_token, a_key_is_made_once_and_nobody_else_reads_it) {
  const parley::test::temp_dir scratch;
  const auto file = (scratch.path() / "token_key").string();
  const auto key = kept_key(file);
  EXPECT_EQ(key.size(), 64u);
  EXPECT_EQ(kept_key(file), key);
  struct stat s;
  ASSERT_EQ(stat(file.c_str(), &s), 0);
  EXPECT_EQ(s.st_mode & 0777, 0600u);
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(scratch.path()), {}), 1) << "nothing else is left";
  EXPECT_THROW(kept_key((scratch.path() / "no" / "where").string()), std::system_error);
}

}  // namespace
}  // namespace msfs
