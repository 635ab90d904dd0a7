#include "support/wire_client.hpp"

#include "support/websocket.hpp"

#include <algorithm>

namespace parley::test {
namespace {

constexpr std::uint16_t heartbeat = 0x0701;

void put16(std::string& out, std::uint32_t value) {
  out.push_back(static_cast<char>(value >> 8));
  out.push_back(static_cast<char>(value));
}

std::uint32_t get(std::string_view bytes, std::size_t at, std::size_t count) {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < count; ++i) value = value << 8 | static_cast<unsigned char>(bytes[at + i]);
  return value;
}

}  // namespace

std::string encode_header(std::uint32_t length, std::uint16_t command, std::uint16_t seq) {
  std::string out;
  put16(out, length >> 16);
  put16(out, length);
  const std::uint32_t version = 1, flag = 0, service = command >> 8, reserved = 0;
  for (const std::uint32_t field : {version, flag, service, std::uint32_t{command}, std::uint32_t{seq}, reserved}) {
    put16(out, field);
  }
  return out;
}

std::string encode_pdu(std::uint16_t command, std::uint16_t seq, std::string_view body) {
  return encode_header(static_cast<std::uint32_t>(header_size + body.size()), command, seq).append(body);
}

bool wire_client::send_raw(std::string_view bytes, milliseconds time) {
  const auto deadline = steady::now() + patience(time);
  return wrapped_ ? socket_.write_all(encode_ws(2, bytes), deadline) : socket_.write_all(bytes, deadline);
}

bool wire_client::connect_websocket(std::uint16_t http_port, std::shared_ptr<const parley::tls::client_context> trust) {
  auto line = stream_socket::tcp(http_port);
  if (trust && !line.secure(std::move(trust))) return false;
  websocket opened;
  const bool taken = opened.open(std::move(line));
  socket_ = std::move(opened.socket());
  frames_ = std::move(opened.unread());
  wrapped_ = true;
  return taken;
}

void wire_client::unwrap() {
  while (auto frame = take_ws(frames_)) {
    if (frame->opcode == 8) closed_ = true;
    if (frame->opcode != 2) continue;
    if (frame->payload.size() < header_size || get(frame->payload, 0, 4) != frame->payload.size()) {
      throw failure("a message that is not one PDU");
    }
    unread_ += frame->payload;
  }
}

bool wire_client::read(steady::time_point deadline) {
  auto& into = wrapped_ ? frames_ : unread_;
  const auto got = closed_ ? stream_socket::read_result::closed : socket_.read_some(into, deadline);
  closed_ = got == stream_socket::read_result::closed;
  if (wrapped_) unwrap();
  if (got != stream_socket::read_result::data) return false;
  std::size_t used = 0;
  while (unread_.size() - used >= header_size) {
    const auto length = get(unread_, used, 4);
    if (length < header_size) throw failure("the server sent a length of " + std::to_string(length));
    if (unread_.size() - used < length) break;
    const auto raw = unread_.substr(used, length);
    inbox_.push_back({static_cast<std::uint16_t>(get(raw, 8, 2)), static_cast<std::uint16_t>(get(raw, 10, 2)),
                      static_cast<std::uint16_t>(get(raw, 12, 2)), raw.substr(header_size), raw});
    used += length;
  }
  unread_.erase(0, used);
  return true;
}

template <class Wanted>
std::optional<wire_pdu> wire_client::take(Wanted&& wanted, milliseconds time) {
  const auto deadline = steady::now() + patience(time);
  for (;;) {
    if (const auto found = std::find_if(inbox_.begin(), inbox_.end(), wanted); found != inbox_.end()) {
      auto out = std::move(*found);
      inbox_.erase(found);
      return out;
    }
    if (!read(deadline)) return std::nullopt;
  }
}

std::optional<wire_pdu> wire_client::next(milliseconds time) {
  return take([](const wire_pdu&) { return true; }, time);
}

std::optional<wire_pdu> wire_client::next_of(std::uint16_t command, milliseconds time) {
  return take([=](const wire_pdu& pdu) { return pdu.command == command; }, time);
}

std::optional<wire_pdu> wire_client::answer(std::uint16_t command, std::uint16_t seq, milliseconds time) {
  return take([=](const wire_pdu& pdu) { return pdu.command == command && pdu.seq == seq; }, time);
}

bool wire_client::closed_within(milliseconds time) {
  const auto deadline = steady::now() + patience(time);
  while (read(deadline)) {
  }
  return closed_;
}

bool wire_client::alive(milliseconds time) {
  const auto seq = static_cast<std::uint16_t>(0xF000 + ++heartbeats_ % 0x0F00);
  return send(heartbeat, seq, {}) && answer(heartbeat, seq, time);
}

}  // namespace parley::test
