#include "client/media.hpp"

#include <gtest/gtest.h>

namespace parley::client {
namespace {

TEST(media, tells_pictures_by_their_first_bytes) {
  EXPECT_EQ(picture_type("\x89PNG\r\n\x1a\n...."), "image/png");
  EXPECT_EQ(picture_type("\xff\xd8\xff\xe0"), "image/jpeg");
  EXPECT_EQ(picture_type("GIF89a"), "image/gif");
  EXPECT_EQ(picture_type("RIFF....WEBP"), "image/webp");
  EXPECT_EQ(picture_type("RIFF"), std::nullopt);
  EXPECT_EQ(picture_type(""), std::nullopt);
  EXPECT_EQ(picture_type("<svg"), std::nullopt);
}

TEST(media, reads_what_the_store_answers) {
  const auto read = [](long status, std::string body) { return read_upload_answer({status, std::move(body)}); };
  const auto there = read(200, R"({"error_code":0,"error_msg": "成功","path":"g0/a.png","url":"http://h/g0/a.png"})");
  ASSERT_TRUE(there);
  EXPECT_EQ(*there, "http://h/g0/a.png");
  const auto refused = read(200, R"({"error_code":9,"error_msg":"格式错误","path":"","url":""})");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.why().text, "格式错误 (9)");
  const auto empty = read(200, R"({"error_code":0,"error_msg":"成功","path":"","url":""})");
  EXPECT_FALSE(empty) << "TeamTalk's answer to what is too large";
  const auto page = read(502, "<html>bad gateway\x1b[2J</html>");
  ASSERT_FALSE(page);
  EXPECT_EQ(page.why().text, "HTTP 502: <html>bad gateway^[[2J</html>");
  EXPECT_FALSE(read(200, "[]"));
  EXPECT_FALSE(read(200, R"({"error_code":"0","url":7})"));
  EXPECT_FALSE(read(200, ""));
}

TEST(media, a_picture_is_its_url_between_the_marks) {
  EXPECT_EQ(picture_text("http://h/a.png"), "&$#@~^@[{:http://h/a.png:}]&$~@#@");
}

}  // namespace
}  // namespace parley::client
