#include "host/control/tap.hpp"

#include <openssl/evp.h>

#include "host/net/loop.hpp"

namespace parley::host {

namespace {

constexpr std::size_t most_shown = 16 << 10;  // bytes of one body

std::string base64(std::string_view data) {
  std::string out(4 * ((data.size() + 2) / 3) + 1, '\0');
  const int size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                                   reinterpret_cast<const unsigned char*>(data.data()), static_cast<int>(data.size()));
  out.resize(static_cast<std::size_t>(size));
  return out;
}

}  // namespace

pdu_tap::pdu_tap(session_table& sessions, control_server& control) : sessions_(sessions), control_(control) {
  control_.on_tap_change = [this](bool watching) { sessions_.watcher = watching ? this : nullptr; };
}

pdu_tap::~pdu_tap() {
  control_.on_tap_change = nullptr;
  sessions_.watcher = nullptr;
}

void pdu_tap::saw(const session& s, bool inbound, std::uint16_t command, std::uint16_t seq, std::string_view body) {
  control_.tap_line({{"time_ms", loop::unix_ms()},
                     {"session", s.id},
                     {"user", s.principal.id},
                     {"tag", s.principal.tag},
                     {"in", inbound},
                     {"command", command},
                     {"seq", seq},
                     {"size", body.size()},
                     {"body", base64(body.substr(0, most_shown))}});
}

}  // namespace parley::host
