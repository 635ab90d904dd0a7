// Who a listener is, in TLS: a certificate with its key, and what is accepted.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "host/tls/openssl.hpp"
#include "host/tls/ticket_keys.hpp"
#include "parley/status.hpp"

namespace parley::tls {

struct server_files {
  std::string certificate;      // PEM; the chain's other certificates behind it
  std::string key;              // PEM, not encrypted
  std::string client_ca;        // PEM; empty = clients need no certificate
  std::string minimum = "1.2";  // or 1.3
  std::string protocol;         // for ALPN; empty = none
};

/// Loaded whole or not at all; connections keep the one they began with. [loop]
class server_identity {
 public:
  /// The error names the file and what is wrong with it. An expired certificate is no error.
  static result<std::shared_ptr<server_identity>> load(const server_files& files);
  server_identity(const server_identity&) = delete;

  SSL_CTX* raw() const { return context_.get(); }
  /// Seconds since 1970 after which clients refuse the certificate.
  std::int64_t expires_s() const { return expires_s_; }
  std::int64_t begins_s() const { return begins_s_; }
  /// Its subject, as one line.
  const std::string& subject() const { return subject_; }

 private:
  server_identity() = default;
  result<void> read(const server_files& files);
  result<void> read_times(const std::string& file);

  ssl_ctx_ptr context_;
  ticket_keys tickets_;
  std::string protocol_;  // as ALPN writes it: a length and the name
  std::string subject_;
  std::int64_t begins_s_ = 0;
  std::int64_t expires_s_ = 0;
};

/// "2027-01-31 12:00:00 UTC"
std::string utc_text(std::int64_t unix_s);

}  // namespace parley::tls
