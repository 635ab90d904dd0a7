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

/// What kept_key() says of `file`; empty: it took it for a key.
std::string complaint(const std::string& file) {
  try {
    kept_key(file);
    return {};
  } catch (const std::system_error& e) {
    return e.what();
  }
}

TEST(upload_token, a_file_that_holds_no_key_is_not_taken_for_one) {
  const parley::test::temp_dir scratch;
  const auto file = (scratch.path() / "token_key").string();
  for (const auto& content : {std::string(), std::string(31, 'k')}) {
    parley::test::write_file(file, content);
    EXPECT_NE(complaint(file).find(file), std::string::npos) << complaint(file);
    EXPECT_EQ(parley::test::read_file(file), content) << "left as it was";
  }
  std::filesystem::remove(file);
  parley::test::write_file(scratch.path() / "elsewhere", std::string(64, 'k'));
  std::filesystem::create_symlink(scratch.path() / "elsewhere", file);
  EXPECT_NE(complaint(file).find(file), std::string::npos) << complaint(file);
  std::filesystem::remove(file);
  std::filesystem::create_directory(file);
  EXPECT_NE(complaint(file).find(file), std::string::npos) << complaint(file);
  EXPECT_THROW(token_mint(""), std::invalid_argument);
}

}  // namespace
}  // namespace msfs
