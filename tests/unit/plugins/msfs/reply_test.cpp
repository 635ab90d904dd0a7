// Byte for byte: TeamTalk's clients cut these texts up in their own ways.
#include "reply.hpp"

#include <gtest/gtest.h>

namespace msfs {
namespace {

TEST(upload_reply, is_teamtalk_s) {
  EXPECT_EQ(success("http://h:8700", "g0/000/001/1_2.png"),
            "{\"error_code\":0,\"error_msg\": \"成功\",\"path\":\"g0/000/001/1_2.png\",\"url\":"
            "\"http://h:8700/g0/000/001/1_2.png\"}");
  EXPECT_EQ(refusal(fault::too_large, "unused"), "{\"error_code\":1,\"error_msg\": \"上传文件过大\",\"url\":\"\"}");
  EXPECT_EQ(refusal(fault::no_disposition, ""),
            "{\"error_code\":2,\"error_msg\": \"格式错误\",\"path\":\"\",\"url\":\"\"}");
  EXPECT_EQ(refusal(fault::long_name, ""),
            "{\"error_code\":11,\"error_msg\": \"格式错误\",\"path\":\"\",\"url\":\"\"}");
  EXPECT_EQ(refusal(fault::over_quota, "say \"no\""),
            "{\"error_code\":12,\"error_msg\": \"say \\\"no\\\"\",\"path\":\"\",\"url\":\"\"}");
  EXPECT_EQ(status_of(fault::too_large), 200u);
  EXPECT_EQ(status_of(fault::over_quota), 200u);
  EXPECT_EQ(status_of(fault::not_allowed), 403u);
  EXPECT_EQ(status_of(fault::unavailable), 503u);
}

TEST(upload_reply, a_host_header_that_is_none_stays_out_of_it) {
  EXPECT_EQ(base_of_host("im.example:8700", false), "http://im.example:8700");
  EXPECT_EQ(base_of_host("im.example:8700", true), "https://im.example:8700");
  EXPECT_EQ(base_of_host("[::1]:80", false), "http://[::1]:80");
  for (const char* bad : {"", "a\"b", "a b", "a/b", "<script>", "a@b", "a?b"}) EXPECT_EQ(base_of_host(bad, true), "") << bad;
  EXPECT_EQ(base_of_host(std::string(256, 'a'), false), "");
}

}  // namespace
}  // namespace msfs
