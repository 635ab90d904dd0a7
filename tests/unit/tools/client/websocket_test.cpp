#include "client/websocket.hpp"

#include <gtest/gtest.h>

namespace parley::client {
namespace {

// That it opens when the answer is right, the tests with a node show.
websocket::outcome answered(const std::string& lines) {
  websocket socket;
  socket.request("example.org", "/ws");
  std::string pdus, control;
  return socket.receive("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n" + lines + "\r\n", pdus, control);
}

TEST(websocket_client, refuses_an_answer_to_another_key) {
  EXPECT_EQ(answered("Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"), websocket::outcome::refused);
}

TEST(websocket_client, refuses_an_answer_without_one) {
  EXPECT_EQ(answered(""), websocket::outcome::refused);
}

}  // namespace
}  // namespace parley::client
