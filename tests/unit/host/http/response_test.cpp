#include "host/http/response.hpp"

#include <gtest/gtest.h>

namespace parley::host {
namespace {

const char* fault_of(unsigned code, std::string_view name, std::string_view value) {
  const auto h = make_header(name, value);
  return answer_fault(code, {&h, 1});
}

TEST(http_response, head_is_known_bytes) {
  http_date date;
  const auto h = make_header("X-A", "b c");
  std::string out;
  append_response_head(out, {404, 3, true, date.at(784111777)}, {&h, 1});
  EXPECT_EQ(out,
            "HTTP/1.1 404 Not Found\r\nX-A: b c\r\nContent-Length: 3\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\n"
            "Connection: keep-alive\r\n\r\n");
}

TEST(http_response, no_content_has_no_length) {
  std::string out;
  append_response_head(out, {204, 0, false, "now"}, {});
  EXPECT_EQ(out, "HTTP/1.1 204 No Content\r\nDate: now\r\nConnection: close\r\n\r\n");
}

TEST(http_response, a_date_changes_with_the_second) {
  http_date date;
  EXPECT_EQ(date.at(0), "Thu, 01 Jan 1970 00:00:00 GMT");
  EXPECT_EQ(date.at(951782400), "Tue, 29 Feb 2000 00:00:00 GMT");
}

TEST(http_response, refuses_header_injection) {
  EXPECT_EQ(fault_of(200, "X-A", "fine\tvalue \xc3\xa9"), nullptr);
  EXPECT_NE(fault_of(200, "X-A", "a\r\nSet-Cookie: b"), nullptr);
  EXPECT_NE(fault_of(200, "X-A", "a\nb"), nullptr);
  EXPECT_NE(fault_of(200, "X-A", std::string_view("a\0b", 3)), nullptr);
  EXPECT_NE(fault_of(200, "X-A: b\r\nY", "c"), nullptr);
  EXPECT_NE(fault_of(200, "X A", "c"), nullptr);
  EXPECT_NE(fault_of(200, "", "c"), nullptr);
}

TEST(http_response, refuses_the_hosts_own_headers_and_odd_codes) {
  EXPECT_NE(fault_of(200, "content-LENGTH", "5"), nullptr);
  EXPECT_NE(fault_of(200, "Transfer-Encoding", "chunked"), nullptr);
  EXPECT_NE(fault_of(200, "Date", "now"), nullptr);
  EXPECT_NE(fault_of(200, "Connection", "keep-alive"), nullptr);
  EXPECT_EQ(fault_of(200, "connection", "Close"), nullptr);
  EXPECT_NE(answer_fault(100, {}), nullptr);
  EXPECT_NE(answer_fault(600, {}), nullptr);
  EXPECT_EQ(answer_fault(599, {}), nullptr);
}

}  // namespace
}  // namespace parley::host
