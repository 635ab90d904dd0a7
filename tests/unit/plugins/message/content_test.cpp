#include "content.hpp"

#include <gtest/gtest.h>

namespace message {
namespace {

using parley::status;
constexpr auto invalid = std::string_view::npos;

TEST(content, counts_characters_not_bytes) {
  EXPECT_EQ(count_characters(""), 0u);
  EXPECT_EQ(count_characters("hello, hello, hello"), 19u);
  EXPECT_EQ(count_characters("12345678"), 8u);
  EXPECT_EQ(count_characters("你好，世界"), 5u);
  EXPECT_EQ(count_characters("1234567é12345678"), 16u);
  EXPECT_EQ(count_characters("\xF0\x9F\x98\x80"), 1u);
  EXPECT_EQ(count_characters("\xEF\xBF\xBF\xF4\x8F\xBF\xBF\xED\x9F\xBF\xEE\x80\x80"), 4u);
}

TEST(content, refuses_what_is_not_utf8) {
  for (const char* text :
       {"\x80", "\xC0\x80", "\xC1\xBF", "\xC3", "\xC3(", "\xE0\x80\x80", "\xE0\x9F\xBF", "\xED\xA0\x80", "\xED\xBF\xBF",
        "\xE4\xBD", "\xF0\x80\x80\x80", "\xF0\x8F\xBF\xBF", "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xFF",
        "a long plain start \xE4\xBD and more", "\xF0\x9F\x98"}) {
    EXPECT_EQ(count_characters(text), invalid) << text;
  }
}

TEST(content, refuses_nul_wherever_it_stands) {
  for (std::size_t at = 0; at < 20; ++at) {
    std::string text(20, 'x');
    text[at] = '\0';
    EXPECT_EQ(count_characters(text), invalid) << at;
  }
}

TEST(content, a_text_has_one_to_4096_characters) {
  EXPECT_EQ(check_text("").code, status::malformed);
  EXPECT_TRUE(check_text(std::string(4096, 'x')));
  EXPECT_EQ(check_text(std::string(4097, 'x')).code, status::too_large);
  std::string wide;
  for (int i = 0; i < 4096; ++i) wide += "界";
  EXPECT_TRUE(check_text(wide));
  EXPECT_EQ(check_text(wide + "x").code, status::too_large);
  EXPECT_EQ(check_text(std::string(20000, '\xFF')).code, status::too_large);
}

TEST(content, a_recording_follows_its_duration) {
  EXPECT_EQ(check_audio("1234", 100).code, status::malformed);
  EXPECT_TRUE(check_audio("12345", 5));
  EXPECT_EQ(check_audio("123456", 5).code, status::too_large);
  EXPECT_EQ(duration_of(std::string_view("\0\0\x01\x02xyz", 7)), 258u);
  EXPECT_EQ(with_duration(258, "xyz"), std::string_view("\0\0\x01\x02xyz", 7));
}

TEST(content, a_client_id_has_one_to_64_bytes) {
  EXPECT_FALSE(check_client_id(""));
  EXPECT_TRUE(check_client_id(std::string(64, '\0')));
  EXPECT_FALSE(check_client_id(std::string(65, 'x')));
}

TEST(content, the_placeholder_is_what_clients_would_have_encrypted) {
  EXPECT_EQ(audio_placeholder("12345678901234567890123456789012"), "QhGXlpFjvMFUNrtl1aaPzA==");
  EXPECT_THROW(audio_placeholder("short"), std::invalid_argument);
}

}  // namespace
}  // namespace message
