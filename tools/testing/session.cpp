#include "parley/testing/session.hpp"

#include "host/net/pdu.hpp"
#include "tools/testing/world.hpp"

namespace parley::testing {

namespace {

constexpr std::uint16_t refused_command = 0x0901;

std::string hex(std::uint16_t command) {
  char text[8];
  std::snprintf(text, sizeof text, "0x%04x", command);
  return text;
}

/// IMRefused without its generated code: numbers and one text, by field.
struct refused_reader {
  std::string_view left;

  std::uint64_t varint() {
    std::uint64_t value = 0;
    for (int shift = 0; shift < 64 && !left.empty(); shift += 7) {
      const auto byte = static_cast<unsigned char>(left.front());
      left.remove_prefix(1);
      value |= std::uint64_t{byte & 0x7fu} << shift;
      if (byte < 0x80) return value;
    }
    throw failure("a refusal that does not parse");
  }

  refusal read() {
    refusal out;
    while (!left.empty()) {
      const auto key = varint();
      if (key == (3 << 3 | 2)) {
        const auto size = varint();
        if (size > left.size()) throw failure("a refusal that does not parse");
        out.text = left.substr(0, size);
        left.remove_prefix(size);
        continue;
      }
      if (key & 7) throw failure("a refusal that does not parse");
      const auto value = varint();
      if (key >> 3 == 1) out.command = static_cast<std::uint16_t>(value);
      if (key >> 3 == 2) out.code = static_cast<std::uint32_t>(value);
      if (key >> 3 == 4) out.retry_after_ms = static_cast<std::uint32_t>(value);
    }
    return out;
  }
};

std::string shown(const client& c) {
  std::string text;
  for (const auto& p : c.inbox) {
    text += (text.empty() ? "" : ", ") + hex(p.command) + (p.seq ? " seq " + std::to_string(p.seq) : " pushed");
    if (p.command == refused_command) {
      const auto r = refused_reader{p.body}.read();
      text += " (" + hex(r.command) + " refused " + std::to_string(r.code) + ": " + r.text + ")";
    }
  }
  if (c.closed) text += std::string(text.empty() ? "" : ", ") + "closed: " + c.close_reason;
  return text.empty() ? "nothing" : text;
}

pdu take(client& c, std::uint16_t command) {
  if (c.inbox.empty() || c.inbox.front().command != command)
    throw failure("expected " + hex(command) + ", received " + shown(c));
  pdu first = std::move(c.inbox.front());
  c.inbox.pop_front();
  return first;
}

}  // namespace

void session::login(std::uint64_t user, std::uint32_t tag, std::uint32_t level) {
  auto& sessions = world_->services().sessions;
  auto* s = sessions.find(id());
  const auto done = s ? sessions.authenticate(*s, parley_principal{user, tag, PARLEY_TERMINAL}, level) : status::closed;
  if (done != status::ok)
    throw failure("user " + std::to_string(user) + " cannot log in: " + std::string(to_string(done)));
  world_->settle();
}

std::uint16_t session::send(std::uint16_t command, std::string_view body) {
  auto& c = world_->clients[number_];
  if (++c.last_seq == 0) c.last_seq = 1;
  char header[host::header_size];
  host::store_header(header, command, c.last_seq, body.size());
  send_raw(std::string(header, sizeof header).append(body));
  return c.last_seq;
}

void session::send_raw(std::string_view bytes) {
  auto& c = world_->clients[number_];
  if (c.fd < 0) throw failure("the session is closed: " + c.close_reason);
  c.to_send += bytes;
}

pdu session::expect(std::uint16_t command) {
  world_->settle();
  return take(world_->clients[number_], command);
}

refusal session::expect_refusal() {
  const auto got = expect(refused_command);
  auto out = refused_reader{got.body}.read();
  out.seq = got.seq;
  return out;
}

void session::expect_nothing() {
  world_->settle();
  const auto& c = world_->clients[number_];
  if (!c.inbox.empty()) throw failure("expected nothing, received " + shown(c));
}

void session::expect_closed(std::string_view reason) {
  world_->settle();
  const auto& c = world_->clients[number_];
  if (!c.closed) throw failure("expected the session to be closed, received " + shown(c));
  if (!reason.empty() && reason != c.close_reason)
    throw failure("expected it closed as \"" + std::string(reason) + "\", it was as \"" + c.close_reason + "\"");
}

bool session::open() {
  world_->settle();
  return !world_->clients[number_].closed;
}

void session::close() {
  auto& c = world_->clients[number_];
  world_->settle();
  if (c.fd >= 0) ::close(std::exchange(c.fd, -1));
  c.closed = true;
  world_->settle();
}

std::uint64_t session::id() const {
  return world_->clients[number_].id;
}

}  // namespace parley::testing
