#include "host/http/websocket_upgrade.hpp"

#include <gtest/gtest.h>

#include "support/websocket.hpp"

namespace parley::host {
namespace {

upgrade_answer judge(const std::string& request, const std::vector<std::string>& origins = {}, bool secure = false) {
  request_parser parser{http_limits{}};
  std::string_view input(request);
  EXPECT_EQ(parser.feed(input), request_parser::event::head) << request;
  return judge_upgrade(parser.head(), origins, secure);
}

unsigned code_with(const std::string& header, const std::vector<std::string>& origins = {}) {
  return judge(test::ws_request("/ws", header), origins).code;
}

std::string without(const std::string& line) {
  auto request = test::ws_request();
  const auto at = request.find(line);
  EXPECT_NE(at, std::string::npos) << line;
  return request.erase(at, request.find("\r\n", at) + 2 - at);
}

TEST(websocket_upgrade, is_accepted_as_the_rfc_says) {
  const auto answer = judge(test::ws_request());
  EXPECT_EQ(answer.code, 101u);
  EXPECT_EQ(answer.accept, "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
}

TEST(websocket_upgrade, needs_all_of_its_headers) {
  EXPECT_EQ(judge(without("Upgrade: websocket")).code, 426u);
  EXPECT_EQ(judge(without("Connection: ")).code, 426u);
  EXPECT_EQ(judge(without("Sec-WebSocket-Version")).code, 426u);
  EXPECT_EQ(judge(without("Sec-WebSocket-Key")).code, 400u);
}

TEST(websocket_upgrade, another_version_is_refused) {
  EXPECT_EQ(judge(without("Sec-WebSocket-Version").insert(18, "Sec-WebSocket-Version: 8\r\n")).code, 426u);
  EXPECT_EQ(code_with("Sec-WebSocket-Version: 13\r\n"), 426u) << "twice";
}

TEST(websocket_upgrade, a_key_is_sixteen_bytes) {
  for (const std::string key :
       {"short", "dGhlIHNhbXBsZSBub25jZQ=", "dGhlIHNhbXBsZSBub25jZQ!!", "dGhlIHNhbXBsZSBub25jZQAA"}) {
    EXPECT_EQ(judge(without("Sec-WebSocket-Key").insert(18, "Sec-WebSocket-Key: " + key + "\r\n")).code, 400u) << key;
  }
  EXPECT_EQ(code_with("Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"), 400u) << "twice";
}

TEST(websocket_upgrade, pages_of_the_same_host_may_connect) {
  EXPECT_EQ(code_with("Origin: http://localhost\r\n"), 101u);
  EXPECT_EQ(code_with("Origin: https://LocalHost\r\n"), 101u);
  for (const std::string foreign : {"http://evil.example", "http://localhost:81", "http://localhost.evil.example",
                                    "null", "localhost", "http://", ""}) {
    EXPECT_EQ(code_with("Origin: " + foreign + "\r\n"), 403u) << foreign;
  }
  EXPECT_EQ(code_with("Origin: http://localhost\r\nOrigin: http://localhost\r\n"), 400u);
}

TEST(websocket_upgrade, a_list_of_origins_is_all_that_may) {
  const std::vector<std::string> only{"https://chat.example"};
  EXPECT_EQ(code_with("Origin: https://chat.example\r\n", only), 101u);
  EXPECT_EQ(code_with("Origin: http://chat.example\r\n", only), 403u);
  EXPECT_EQ(code_with("Origin: http://localhost\r\n", only), 403u);
  EXPECT_EQ(code_with("", only), 101u) << "no browser";
  EXPECT_EQ(code_with("Origin: null\r\n", {"*"}), 101u);
}

TEST(websocket_upgrade, over_tls_a_page_that_came_in_the_clear_may_not_connect) {
  const auto code = [](const std::string& origin) {
    return judge(test::ws_request("/ws", "Origin: " + origin + "\r\n"), {}, true).code;
  };
  EXPECT_EQ(code("https://localhost"), 101u);
  EXPECT_EQ(code("http://localhost"), 403u);
}

TEST(websocket_upgrade, other_methods_and_bodies_are_refused) {
  auto post = test::ws_request();
  EXPECT_EQ(judge(post.replace(0, 3, "PUT")).code, 405u);
  EXPECT_EQ(code_with("Content-Length: 5\r\n"), 400u);
  EXPECT_EQ(code_with("Transfer-Encoding: chunked\r\n"), 400u);
}

}  // namespace
}  // namespace parley::host
