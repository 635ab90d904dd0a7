#include "client/websocket.hpp"

#include <openssl/evp.h>
#include <openssl/rand.h>

#include <algorithm>
#include <cctype>
#include <cstring>

#include "client/base64.hpp"
#include "client/pdu.hpp"

namespace parley::client {

namespace {

constexpr int binary_frame = 2, close_frame = 8, ping_frame = 9, pong_frame = 10;
constexpr std::size_t longest_answer_head = 16 << 10;  // bytes of the head
constexpr std::uint64_t most_frame = 64 << 20;

/// What a server makes of a key (RFC 6455, section 4.2.2).
std::string accept_of(std::string key) {
  key += "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned size = 0;
  EVP_Digest(key.data(), key.size(), digest, &size, EVP_sha1(), nullptr);
  return base64_encode({reinterpret_cast<const char*>(digest), size});
}

/// The head's "Name: value" is there; the name in any case.
bool has_line(std::string_view head, std::string_view name, std::string_view value) {
  const auto same = [](char a, char b) {
    return std::tolower(static_cast<unsigned char>(a)) == std::tolower(static_cast<unsigned char>(b));
  };
  while (!head.empty()) {
    const auto end = std::min(head.find("\r\n"), head.size());
    const auto line = head.substr(0, end);
    head.remove_prefix(std::min(end + 2, head.size()));
    const auto colon = line.find(':');
    if (colon != name.size() || !std::equal(name.begin(), name.end(), line.begin(), same)) continue;
    const auto at = line.find_first_not_of(" \t", colon + 1);
    return at != line.npos && line.substr(at, line.find_last_not_of(" \t") + 1 - at) == value;
  }
  return false;
}

}  // namespace

std::string websocket::request(const std::string& host, const std::string& path) {
  unsigned char key[16] = {};
  RAND_bytes(key, sizeof key);
  const auto text = base64_encode({reinterpret_cast<const char*>(key), sizeof key});
  accept_ = accept_of(text);
  return "GET " + path + " HTTP/1.1\r\nHost: " + host +
         "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: " + text +
         "\r\n\r\n";
}

websocket::outcome websocket::receive(std::string_view chunk, std::string& pdus, std::string& control) {
  unread_.append(chunk);
  if (open_) return read_frames(pdus, control);
  const auto end = unread_.find("\r\n\r\n");
  if (end == std::string::npos) return unread_.size() > longest_answer_head ? outcome::refused : outcome::more;
  const std::string_view head(unread_.data(), end);
  if (!head.starts_with("HTTP/1.1 101 ") || !has_line(head, "Sec-WebSocket-Accept", accept_)) return outcome::refused;
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
