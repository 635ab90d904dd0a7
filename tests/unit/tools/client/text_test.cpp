#include <gtest/gtest.h>

#include "client/digest.hpp"
#include "client/endpoint.hpp"
#include "client/printable.hpp"

namespace parley::client {
namespace {

TEST(md5_hex, is_what_clients_send_as_a_password) {
  EXPECT_EQ(md5_hex("12345"), "827ccb0eea8a706c4c34a16891f84e7b");
  EXPECT_EQ(md5_hex("admin"), "21232f297a57a5a743894a0e4a801fc3");
}

TEST(new_client_msg_id, is_never_the_same) {
  EXPECT_EQ(new_client_msg_id().size(), 16u);
  EXPECT_NE(new_client_msg_id(), new_client_msg_id());
}

TEST(parse_endpoint, reads_host_and_port) {
  EXPECT_EQ(parse_endpoint("10.0.0.1:8001"), (endpoint{"10.0.0.1", 8001}));
  EXPECT_EQ(parse_endpoint("example.org"), (endpoint{"example.org", 8000}));
  for (const char* bad : {"", ":8000", "host:", "host:0", "host:65536", "host:80x"}) EXPECT_FALSE(parse_endpoint(bad));
}

TEST(printable, leaves_text_of_any_language_alone) {
  EXPECT_EQ(printable("héllo 你好 🙂"), "héllo 你好 🙂");
}

TEST(printable, shows_control_characters_instead_of_obeying_them) {
  EXPECT_EQ(printable("\x1b[2Jx\x07\r"), "^[[2Jx^G^M");
  EXPECT_EQ(printable("\x7f"), "^?");
  EXPECT_EQ(printable("a\nb"), "a↵ b");
  EXPECT_EQ(printable("\xc2\x9b"
                      "31m"),
            "\uFFFD31m");  // C1 CSI
  EXPECT_EQ(printable("\xe2\x80\xae"
                      "abc"),
            "\uFFFDabc");  // right-to-left override
  EXPECT_EQ(printable(std::string_view("\0", 1)), "^@");
}

TEST(printable, replaces_what_is_not_utf8) {
  EXPECT_EQ(printable("\xff"), "\uFFFD");
  EXPECT_EQ(printable("\xe4\xbd"), "\uFFFD\uFFFD");            // cut off
  EXPECT_EQ(printable("\xc0\x80"), "\uFFFD\uFFFD");            // overlong
  EXPECT_EQ(printable("\xed\xa0\x80"), "\uFFFD\uFFFD\uFFFD");  // surrogate
}

TEST(shortened, cuts_between_code_points) {
  EXPECT_EQ(shortened("你好世界", 4), "你好世界");
  EXPECT_EQ(shortened("你好世界", 3), "你好…");
  EXPECT_EQ(shortened("", 3), "");
}

}  // namespace
}  // namespace parley::client
