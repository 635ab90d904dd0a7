#include "host/net/listener_tls.hpp"

namespace parley::host {

namespace {
constexpr std::int64_t soon_s = 14 * 24 * 3600;
}

identities load_identities(const manifest& config, std::vector<diagnostic>& errors) {
  identities out;
  for (const auto& l : config.listeners) {
    out.emplace_back();
    if (!l.tls.on()) continue;
    auto loaded = tls::server_identity::load({l.tls.certificate, l.tls.key, l.tls.client_ca, l.tls.minimum,
                                              l.kind == listener_kind::http ? "http/1.1" : ""});
    if (loaded) {
      out.back() = std::move(*loaded);
    } else {
      errors.push_back({l.tls.at, "listener " + l.name + ": tls: " + loaded.text()});
    }
  }
  return out;
}

std::string certificate_trouble(const tls::server_identity& who, std::int64_t now_s) {
  if (now_s < who.begins_s()) return "is not valid before " + tls::utc_text(who.begins_s());
  if (now_s >= who.expires_s()) return "has expired at " + tls::utc_text(who.expires_s());
  if (who.expires_s() - now_s < soon_s) return "expires at " + tls::utc_text(who.expires_s());
  return {};
}

}  // namespace parley::host
