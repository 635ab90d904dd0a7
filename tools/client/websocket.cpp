#include "client/websocket.hpp"

#include <openssl/rand.h>

#include <cstring>

#include "client/base64.hpp"
#include "client/pdu.hpp"

namespace parley::client {

namespace {

constexpr int binary_frame = 2, close_frame = 8, ping_frame = 9, pong_frame = 10;
constexpr std::size_t longest_answer_head = 16 << 10;  // bytes of the head
constexpr std::uint64_t most_frame = 64 << 20;

}  // namespace

std::string websocket::request(const std::string& host, const std::string& path) {
  unsigned char key[16] = {};
  RAND_bytes(key, sizeof key);
  return "GET " + path + " HTTP/1.1\r\nHost: " + host +
         "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: " +
         base64_encode({reinterpret_cast<const char*>(key), sizeof key}) + "\r\n\r\n";
}

websocket::outcome websocket::receive(std::string_view chunk, std::string& pdus, std::string& control) {
  unread_.append(chunk);
  if (open_) return read_frames(pdus, control);
  const auto end = unread_.find("\r\n\r\n");
  if (end == std::string::npos) return unread_.size() > longest_answer_head ? outcome::refused : outcome::more;
  if (!unread_.starts_with("HTTP/1.1 101 ")) return outcome::refused;
  unread_.erase(0, end + 4);
  open_ = true;
  const auto how = read_frames(pdus, control);
  return how == outcome::more ? outcome::opened : how;
}

websocket::outcome websocket::read_frames(std::string& pdus, std::string& control) {
  std::size_t used = 0;
  outcome how = outcome::more;
  while (how == outcome::more && unread_.size() - used >= 2) {
    const auto* p = reinterpret_cast<const unsigned char*>(unread_.data()) + used;
    std::uint64_t size = p[1];
    const std::size_t head = size == 126 ? 4 : size == 127 ? 10 : 2;
    if (unread_.size() - used < head) break;
    if (head > 2) size = 0;
    for (std::size_t i = 2; i < head; ++i) size = size << 8 | p[i];
    // Masked, reserved bits, or longer than any PDU.
    if (p[1] & 0x80 || p[0] & 0x70 || size > most_frame) return outcome::refused;
    if (unread_.size() - used - head < size) break;
    const std::string_view payload(unread_.data() + used + head, static_cast<std::size_t>(size));
    const int opcode = p[0] & 0x0f;
    if (opcode == binary_frame || opcode == 0) pdus.append(payload);
    if (opcode == ping_frame) add_frame(control, pong_frame, payload);
    if (opcode == close_frame) how = outcome::closed;
    used += head + payload.size();
  }
  unread_.erase(0, used);
  return how;
}

void websocket::add_frame(std::string& out, int opcode, std::string_view payload) {
  if (mask_ == 0) RAND_bytes(reinterpret_cast<unsigned char*>(&mask_), sizeof mask_);
  mask_ = mask_ * 1664525 + 1013904223;
  const auto put = [&](std::uint64_t value, int bytes) {
    for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) out += static_cast<char>(value >> shift);
  };
  out += static_cast<char>(0x80 | opcode);
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
  std::memcpy(mask, &mask_, 4);
  out.append(mask, 4);
  const auto from = out.size();
  out.append(payload);
  for (std::size_t i = 0; i < payload.size(); ++i) out[from + i] = static_cast<char>(out[from + i] ^ mask[i % 4]);
}

std::string websocket::wrap(std::string_view pdus) {
  std::string out;
  out.reserve(pdus.size() + pdus.size() / 4);
  while (!pdus.empty()) {
    std::size_t length = pdus.size() < header::size ? pdus.size() : read_header(pdus.data()).length;
    if (length < header::size || length > pdus.size()) length = pdus.size();  // as it is: for the server to refuse
    add_frame(out, binary_frame, pdus.substr(0, length));
    pdus.remove_prefix(length);
  }
  return out;
}

}  // namespace parley::client
