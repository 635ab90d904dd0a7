#include "content.hpp"

#include <gtest/gtest.h>

namespace message {
namespace {

using parley::status;

TEST(content, is_utf8_without_nul) {
  for (const char* text : {"\x80", "\xC3(", "\xED\xA0\x80", "a long plain start \xE4\xBD and more"}) {
    EXPECT_EQ(check_text(text).code, status::malformed) << text;
  }
  EXPECT_EQ(check_text(std::string_view("x\0y", 3)).code, status::malformed);
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
  EXPECT_EQ(audio_placeholder("12345678901234567890123456789012").text(), "QhGXlpFjvMFUNrtl1aaPzA==");
  EXPECT_THROW(audio_placeholder("short"), std::invalid_argument);
}

}  // namespace
}  // namespace message
