#include "codec.hpp"

#include <gtest/gtest.h>

#include <string>

namespace {

const message::text_codec codec("12345678901234567890123456789012");

// spec: computed with TeamTalk's own library.
constexpr std::pair<const char*, const char*> vectors[] = {
    {"hello", "nnZSBwfPCz60q69ddmfIJA=="},
    {"123456789012", "qRbX2o2N6/0vxpOpQhCOOg=="},
    {"1234567890123", "ovYKzOY+0lEFsnZlqUWIQAr+GZ43+2mMfQMFqTsGBjY="},
    {"0123456789abcdef", "BY1wZOT9JPljcE5qNjw9cQfU6OB7fpsvZh6GP3dYB9g="},
    {"你好，世界", "q+vY6hOTiV5AW5y14dGU7FzIdZRUsFN9eOwYZegap80="},
    {"a", "8+lyaGSNdKxdsEEADyYxvw=="},
};

TEST(text_codec, does_as_teamtalk_does) {
  for (const auto& [plain, sealed] : vectors) {
    EXPECT_EQ(codec.encrypt(plain), sealed);
    EXPECT_EQ(codec.decrypt(sealed), plain);
  }
}

TEST(text_codec, takes_every_length_that_fits) {
  for (std::size_t size = 1; size < 3069; size += size < 70 ? 1 : 97) {
    const std::string text(size, 'x');
    const auto sealed = codec.encrypt(text);
    EXPECT_EQ(sealed.size(), message::encrypted_size(size));
    EXPECT_EQ(codec.decrypt(sealed), text);
  }
  EXPECT_EQ(message::encrypted_size(3068), 4096u);
}

TEST(text_codec, leaves_alone_what_is_no_cipher) {
  for (const char* content :
       {"", "hello", "====", "nnZSBwfPCz60q69ddmfIJA=", "nnZSBwfPCz60q69ddmfIJA==nnZS",
        "AAAAAAAAAAAAAAAAAAAAAA==", "12 ", "\xff\xff\xff\xff", "=AAA", "A===", "qRbX2o2N6/0vxpOpQhCOOgAA"}) {
    EXPECT_FALSE(codec.decrypt(content)) << content;
  }
  EXPECT_FALSE(codec.decrypt(codec.encrypt("\xff\xfe"))) << "no UTF-8";
  EXPECT_THROW(message::text_codec("short"), std::invalid_argument);
}

}  // namespace
