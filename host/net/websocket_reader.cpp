#include "host/net/websocket_reader.hpp"

#include <algorithm>
#include <cstring>

#include "parley/utf8.hpp"

namespace parley::host {

namespace {

constexpr ws_verdict wrong(std::uint16_t code, const char* reason) {
  return {code, reason};
}

}  // namespace

ws_verdict websocket_reader::read_head(std::string_view data, std::size_t max_pdu, head& out) const {
  out.bytes = 0;
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(data[i]); };
  if (data.size() < 2) return {};
  if (byte(0) & 0x70) return wrong(ws_code::protocol, "websocket: reserved bits");
  out.opcode = static_cast<ws_opcode>(byte(0) & 0x0f);
  out.last = byte(0) & 0x80;
  switch (out.opcode) {
    case ws_opcode::binary:
      if (in_message_) return wrong(ws_code::protocol, "websocket: message in a message");
      break;
    case ws_opcode::continuation:
      if (!in_message_) return wrong(ws_code::protocol, "websocket: nothing to continue");
      break;
    case ws_opcode::text:
      return wrong(ws_code::unsupported, "websocket: text");
    case ws_opcode::close:
    case ws_opcode::ping:
    case ws_opcode::pong:
      if (!out.last) return wrong(ws_code::protocol, "websocket: control frame in pieces");
      break;
    default:
      return wrong(ws_code::protocol, "websocket: unknown opcode");
  }
  if (!(byte(1) & 0x80)) return wrong(ws_code::protocol, "websocket: unmasked");
  out.size = byte(1) & 0x7f;
  std::size_t extra = out.size == 126 ? 2 : out.size == 127 ? 8 : 0;
  if (static_cast<unsigned>(out.opcode) >= 8 && extra > 0)
    return wrong(ws_code::protocol, "websocket: long control frame");
  if (data.size() < 2 + extra) return {};
  if (extra > 0) {
    out.size = 0;
    for (std::size_t i = 0; i < extra; ++i) out.size = out.size << 8 | byte(2 + i);
    if ((extra == 2 && out.size < 126) || (extra == 8 && (out.size < 65536 || out.size >> 63)))
      return wrong(ws_code::protocol, "websocket: length not minimal");
  }
  if (static_cast<unsigned>(out.opcode) < 8 && (out.size > max_pdu || message_.size() > max_pdu - out.size))
    return wrong(ws_code::too_big, "pdu too long");
  if (data.size() < 2 + extra + 4) return {};
  std::memcpy(out.mask, data.data() + 2 + extra, 4);
  out.bytes = 2 + extra + 4;
  return {};
}

void websocket_reader::unmask(char* data, std::size_t size, const unsigned char* mask, std::size_t from) {
  unsigned char turned[8];
  for (std::size_t i = 0; i < 8; ++i) turned[i] = mask[(from + i) % 4];
  std::uint64_t wide;
  std::memcpy(&wide, turned, 8);
  std::size_t i = 0;
  for (; i + 8 <= size; i += 8) {
    std::uint64_t word;
    std::memcpy(&word, data + i, 8);
    word ^= wide;
    std::memcpy(data + i, &word, 8);
  }
  for (; i < size; ++i) data[i] = static_cast<char>(data[i] ^ static_cast<char>(turned[i % 8]));
}

ws_verdict websocket_reader::close_code(std::string_view payload) {
  if (payload.empty()) return {ws_code::normal, "eof"};
  if (payload.size() == 1) return wrong(ws_code::protocol, "websocket: bad close");
  const auto code = load16(payload.data());
  const bool known = (code >= 1000 && code <= 1003) || (code >= 1007 && code <= 1014) || (code >= 3000 && code <= 4999);
  if (!known) return wrong(ws_code::protocol, "websocket: bad close");
  if (!utf8_characters(payload.substr(2))) return wrong(ws_code::invalid, "websocket: bad close");
  return {code, "eof"};
}

ws_verdict websocket_reader::view_pdu(std::string_view message, pdu_view& out) {
  if (message.size() < header_size || load32(message.data()) != message.size())
    return wrong(ws_code::invalid, "bad length");
  const char* p = message.data();
  out = {load16(p + 10), load16(p + 12), message, message.substr(header_size)};
  return {};
}

void websocket_reader::begin(const head& h) {
  in_message_ = true;
  last_ = h.last;
  left_ = h.size;
  at_ = 0;
  std::memcpy(mask_, h.mask, 4);
}

std::size_t websocket_reader::take_payload(std::span<char> data) {
  const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(left_, data.size()));
  unmask(data.data(), size, mask_, static_cast<std::size_t>(at_ % 4));
  // Room for all of it at once, when a good part has come: a slow one is not copied again and again.
  if (message_.empty() && size * 4 >= left_) message_.reserve(static_cast<std::size_t>(left_));
  message_.append(data.data(), size);
  left_ -= size;
  at_ += size;
  return size;
}

}  // namespace parley::host
