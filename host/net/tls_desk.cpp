#include "host/net/tls_desk.hpp"

#include "host/base/log.hpp"

namespace parley::host {

namespace {
constexpr std::uint64_t turn_share_ns = 3'000'000;
}

bool tls_desk::may_shake_hands() {
  if (turn_ != loop_.turns()) spent_ns_ = 0;
  turn_ = loop_.turns();
  if (spent_ns_ < turn_share_ns) return true;
  ++stats_.put_off;
  return false;
}

std::string_view tls_desk::receive(tls::engine& of, std::string_view sealed, tls::engine::outcome& how) {
  const auto room = tls::engine::plain_room(sealed.size());
  if (plain_.size() < room) plain_.resize(room);
  std::size_t got = 0;
  if (of.ready()) {
    how = of.receive(sealed, plain_, got);
    if (how == tls::engine::outcome::failed) ++stats_.broken;
    return {plain_.data(), got};
  }
  const auto began = uv_hrtime();
  how = of.receive(sealed, plain_, got);
  const auto took = uv_hrtime() - began;
  spent_ns_ += took;
  stats_.signing_ns += took;
  if (of.ready()) {
    ++stats_.handshakes;
    if (of.resumed()) ++stats_.resumed;
  } else if (how == tls::engine::outcome::failed) {
    ++(of.plain_text() ? stats_.plain_text : stats_.failed);
    log_of("net")->debug("a TLS handshake failed: {}", of.reason());
  }
  return {plain_.data(), got};
}

}  // namespace parley::host
