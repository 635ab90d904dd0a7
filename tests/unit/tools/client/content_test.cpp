#include "client/content.hpp"

#include <gtest/gtest.h>

#include "client/base64.hpp"

namespace parley::client {
namespace {

struct vector {
  std::string_view plain;
  std::string_view sealed;
};

// The vectors of the protocol description.
constexpr vector vectors[] = {
    {"hello", "nnZSBwfPCz60q69ddmfIJA=="},
    {"123456789012", "qRbX2o2N6/0vxpOpQhCOOg=="},
    {"1234567890123", "ovYKzOY+0lEFsnZlqUWIQAr+GZ43+2mMfQMFqTsGBjY="},
    {"0123456789abcdef", "BY1wZOT9JPljcE5qNjw9cQfU6OB7fpsvZh6GP3dYB9g="},
    {"Hello, TeamTalk", "W+5hY0yJIiGhq8kQ/UnL6VzIdZRUsFN9eOwYZegap80="},
    {"你好，世界", "q+vY6hOTiV5AW5y14dGU7FzIdZRUsFN9eOwYZegap80="},
    {"[语音]", "QhGXlpFjvMFUNrtl1aaPzA=="},
    {"a", "8+lyaGSNdKxdsEEADyYxvw=="},
    {"The quick brown fox jumps over the lazy dog.",
     "rjygE0TjIqiQ4ETnpszoifZ5VrAHnYp5rq0uK+KtHRE/CEsrEUOGdFQ2BM1odNJ3"},
};

TEST(content_codec, agrees_with_teamtalk_in_both_directions) {
  content_codec codec;
  for (const auto& [plain, sealed] : vectors) {
    EXPECT_EQ(codec.encrypt(plain), std::string(sealed));
    EXPECT_EQ(codec.decrypt(sealed), std::string(plain));
  }
}

TEST(content_codec, returns_every_length_as_it_was) {
  content_codec codec;
  for (std::size_t size = 1; size <= 70; ++size) {
    const std::string plain(size, 'x');
    const auto sealed = codec.encrypt(plain);
    ASSERT_TRUE(sealed);
    EXPECT_EQ(codec.decrypt(*sealed), plain) << size;
  }
}

TEST(content_codec, fits_the_longest_text_into_the_column) {
  content_codec codec;
  EXPECT_EQ(codec.encrypt(std::string(max_text_bytes, 'x'))->size(), 4096u);
  EXPECT_GT(codec.encrypt(std::string(max_text_bytes + 1, 'x'))->size(), 4096u);
}

TEST(content_codec, refuses_what_no_client_makes) {
  content_codec codec;
  EXPECT_FALSE(codec.encrypt(""));
  EXPECT_FALSE(codec.decrypt(""));
  EXPECT_FALSE(codec.decrypt("hello"));
  EXPECT_FALSE(codec.decrypt("nnZSBwfPCz60q69ddmfI"));       // not whole blocks
  EXPECT_FALSE(codec.decrypt("nnZSBwfPCz60q69ddmfIJA==!"));  // foreign character
  EXPECT_FALSE(codec.decrypt(base64_encode(std::string(16, 'x'))));
}

TEST(content_codec, refuses_a_length_that_asks_for_another_number_of_blocks) {
  content_codec codec;
  const auto two_blocks = base64_decode(*codec.encrypt(std::string(13, 'x')));
  const auto one_block = base64_decode(*codec.encrypt("hello"));
  EXPECT_FALSE(codec.decrypt(base64_encode(two_blocks->substr(0, 16) + *one_block)));
}

TEST(content_codec, works_with_no_other_key_length) {
  content_codec codec("short");
  EXPECT_FALSE(codec.encrypt("hello"));
  EXPECT_FALSE(codec.decrypt("nnZSBwfPCz60q69ddmfIJA=="));
}

TEST(content_codec, differs_by_key) {
  content_codec other("abcdefghijklmnopqrstuvwxyz012345");
  EXPECT_NE(other.encrypt("hello"), content_codec().encrypt("hello"));
}

TEST(base64, skips_white_space_and_padding) {
  EXPECT_EQ(base64_decode("aGVs\r\nbG8="), "hello");
  EXPECT_EQ(base64_decode("aGVsbG8"), "hello");
  EXPECT_FALSE(base64_decode("aGVsb"));
  EXPECT_FALSE(base64_decode("aGVs-G8="));
}

}  // namespace
}  // namespace parley::client
