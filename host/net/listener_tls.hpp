// From a listener's `tls:` to what OpenSSL needs.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "host/config/manifest.hpp"
#include "host/tls/server_identity.hpp"

namespace parley::host {

/// In order of the manifest's listeners; null for those without TLS. `errors` gets what cannot be loaded.
using identities = std::vector<std::shared_ptr<tls::server_identity>>;
identities load_identities(const manifest& config, std::vector<diagnostic>& errors);

/// Why a certificate should be replaced now: expired, about to, or not valid yet; else empty.
std::string certificate_trouble(const tls::server_identity& who, std::int64_t now_s);

}  // namespace parley::host
