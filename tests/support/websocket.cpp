#include "support/websocket.hpp"

#include <random>

namespace parley::test {

std::string encode_ws(int opcode, std::string_view payload, bool last) {
  static std::mt19937 random{6455};
  std::string out{static_cast<char>((last ? 0x80 : 0) | opcode)};
  const auto put = [&](std::uint64_t size, int bytes) {
    for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) out += static_cast<char>(size >> shift);
  };
  if (payload.size() < 126) {
    out += static_cast<char>(0x80 | payload.size());
  } else if (payload.size() < 65536) {
    out += static_cast<char>(0x80 | 126);
    put(payload.size(), 2);
  } else {
    out += static_cast<char>(0x80 | 127);
    put(payload.size(), 8);
  }
  char mask[4];
  for (char& c : mask) out += c = static_cast<char>(random());
  for (std::size_t i = 0; i < payload.size(); ++i) out += static_cast<char>(payload[i] ^ mask[i % 4]);
  return out;
}

std::string ws_close(int code, std::string_view reason) {
  return std::string{static_cast<char>(code >> 8), static_cast<char>(code)}.append(reason);
}

std::optional<ws_frame> take_ws(std::string& bytes) {
  if (bytes.size() < 2) return std::nullopt;
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(bytes[i]); };
  if (byte(0) & 0x70) throw failure("reserved bits in a server's frame");
  if (byte(1) & 0x80) throw failure("a server's frame is masked");
  std::size_t size = byte(1), head = size == 126 ? 4 : size == 127 ? 10 : 2;
  if (bytes.size() < head) return std::nullopt;
  if (head > 2) size = 0;
  for (std::size_t i = 2; i < head; ++i) size = size << 8 | byte(i);
  if (bytes.size() - head < size) return std::nullopt;
  ws_frame out{byte(0) & 0x0f, (byte(0) & 0x80) != 0, bytes.substr(head, size)};
  bytes.erase(0, head + size);
  return out;
}

std::string ws_request(const std::string& path, const std::string& more) {
  return "GET " + path +
         " HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: keep-alive, Upgrade\r\n"
         "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n" +
         more + "\r\n";
}

bool websocket::open(stream_socket socket, const std::string& request) {
  socket_ = std::move(socket);
  unread_.clear();
  const auto deadline = steady::now() + patience(answer_time);
  socket_.write_all(request, deadline);
  std::size_t end;
  while ((end = unread_.find("\r\n\r\n")) == std::string::npos) {
    if (socket_.read_some(unread_, deadline) != stream_socket::read_result::data) break;
  }
  answer_ = unread_.substr(0, end);
  unread_.erase(0, end == std::string::npos ? end : end + 4);
  return answer_.rfind("HTTP/1.1 101 ", 0) == 0 &&
         answer_.find("Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=") != std::string::npos;
}

bool websocket::send_raw(std::string_view bytes) {
  return socket_.write_all(bytes, steady::now() + patience(answer_time));
}

std::optional<ws_frame> websocket::next(milliseconds time) {
  const auto deadline = steady::now() + patience(time);
  for (;;) {
    if (auto frame = take_ws(unread_)) return frame;
    if (socket_.read_some(unread_, deadline) != stream_socket::read_result::data) return std::nullopt;
  }
}

int websocket::closing_code(milliseconds time) {
  while (auto frame = next(time)) {
    if (frame->opcode == 8) return frame->code();
  }
  return 0;
}

bool websocket::closed_within(milliseconds time) {
  const auto deadline = steady::now() + patience(time);
  for (;;) {
    const auto got = socket_.read_some(unread_, deadline);
    if (got != stream_socket::read_result::data) return got == stream_socket::read_result::closed;
  }
}

}  // namespace parley::test
