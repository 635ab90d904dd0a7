#include "alert.hpp"

#include <gtest/gtest.h>

namespace {

using namespace push;

const content_key key("12345678901234567890123456789012");
const substance hello{substance::kind::text, "hello"};
const substance audio{substance::kind::audio, {}};
const substance unspoken{};

TEST(push_alert, decrypts_what_clients_encrypt) {
  EXPECT_EQ(key.decrypt("nnZSBwfPCz60q69ddmfIJA=="), "hello");
  EXPECT_EQ(key.decrypt("qRbX2o2N6/0vxpOpQhCOOg=="), "123456789012");
  EXPECT_EQ(key.decrypt("ovYKzOY+0lEFsnZlqUWIQAr+GZ43+2mMfQMFqTsGBjY="), "1234567890123");
  EXPECT_EQ(key.decrypt("BY1wZOT9JPljcE5qNjw9cQfU6OB7fpsvZh6GP3dYB9g="), "0123456789abcdef");
  EXPECT_EQ(key.decrypt("q+vY6hOTiV5AW5y14dGU7FzIdZRUsFN9eOwYZegap80="), "你好，世界");
}

TEST(push_alert, decrypts_nothing_else) {
  for (const char* content :
       {"", "hello", "====", "nnZSBwfPCz60q69ddmfI", "nnZSBwfPCz60q69ddmfIJA==x", "&&&&", "AAAAAAAAAAAAAAAAAAAAAA=="}) {
    EXPECT_FALSE(key.decrypt(content)) << content;
  }
  EXPECT_FALSE(content_key("another key of thirty-two bytes!").decrypt("nnZSBwfPCz60q69ddmfIJA=="));
  EXPECT_THROW(content_key("short"), std::invalid_argument);
}

TEST(push_alert, knows_text_pictures_and_recordings) {
  const std::string text = "nnZSBwfPCz60q69ddmfIJA==", broken = "not ciphertext";
  EXPECT_EQ(substance_of(0x01, &text, key).what, substance::kind::text);
  EXPECT_EQ(substance_of(0x11, &text, key).text, "hello");
  EXPECT_EQ(substance_of(0x02, &text, key).what, substance::kind::audio);
  EXPECT_EQ(substance_of(0x12, nullptr, key).what, substance::kind::audio);
  EXPECT_EQ(substance_of(0x01, nullptr, key).what, substance::kind::unspoken);
  EXPECT_EQ(substance_of(0x01, &broken, key).what, substance::kind::unspoken);
}

TEST(push_alert, takes_a_picture_for_one) {
  // &$#@~^@[{:http://a/b.png:}]&$~@#@ as clients encrypt it.
  const std::string picture = "dgjzZcuwYVvgiMtBlzoa8USdI13vL6Xjb0f4oJW3akFwPg3MxBP7wWrcGGbzuCa1";
  ASSERT_EQ(key.decrypt(picture), "&$#@~^@[{:http://a/b.png:}]&$~@#@");
  EXPECT_EQ(substance_of(0x01, &picture, key).what, substance::kind::unspoken);
}

TEST(push_alert, says_what_teamtalk_said) {
  EXPECT_EQ(alert_text(hello, "Ada", false, privacy::full, 120), "Ada:hello");
  EXPECT_EQ(alert_text(hello, "Ada", true, privacy::full, 120), "Ada:hello");
  EXPECT_EQ(alert_text(audio, "Ada", false, privacy::full, 120), "Ada给您发送了一条语音消息");
  EXPECT_EQ(alert_text(audio, "Ada", true, privacy::full, 120), "Ada在群聊中发送了一条语音消息");
  EXPECT_EQ(alert_text(unspoken, "Ada", false, privacy::full, 120), "您收到了一条消息");
}

TEST(push_alert, keeps_to_itself_what_it_shall) {
  EXPECT_EQ(alert_text(hello, "Ada", false, privacy::sender, 120), "Ada给您发送了一条消息");
  EXPECT_EQ(alert_text(hello, "Ada", true, privacy::sender, 120), "Ada在群聊中发送了一条消息");
  EXPECT_EQ(alert_text(hello, "Ada", false, privacy::none, 120), "");
  EXPECT_EQ(alert_text(audio, "Ada", false, privacy::none, 120), "");
}

TEST(push_alert, is_cut_where_a_character_ends) {
  EXPECT_EQ(alert_text({substance::kind::text, "你好"}, "Ada", false, privacy::full, 8), "Ada:你...");
  EXPECT_EQ(alert_text({substance::kind::text, std::string(500, 'x')}, "Ada", false, privacy::full, 20),
            "Ada:" + std::string(16, 'x') + "...");
}

}  // namespace
