// The keys that session tickets are sealed with.
//
// Rationale: a stateless ticket costs the node nothing per session, but whoever has its key reads the sessions of
// TLS 1.2 that began with it. OpenSSL's own key lives as long as the process; ours are replaced, and go with the
// certificate.
#pragma once

#include <openssl/ssl.h>

#include <array>
#include <chrono>
#include <optional>

namespace parley::tls {

/// New tickets are sealed with the newest key; the one before opens old ones and lets them be renewed.
class ticket_keys {
 public:
  using clock = std::chrono::steady_clock;
  static constexpr std::chrono::hours lifetime{6};  // as the newest; as long again as the one before

  /// What SSL_CTX_set_tlsext_ticket_key_evp_cb wants: 1 done, 2 done but renew, 0 unknown key, -1 failed.
  int seal(unsigned char* name, unsigned char* iv, EVP_CIPHER_CTX* cipher, EVP_MAC_CTX* mac, clock::time_point now);
  int open(const unsigned char* name, const unsigned char* iv, EVP_CIPHER_CTX* cipher, EVP_MAC_CTX* mac,
           clock::time_point now);

 private:
  struct key {
    std::array<unsigned char, 16> name;
    std::array<unsigned char, 32> cipher;
    std::array<unsigned char, 32> mac;
    clock::time_point made;
  };
  bool rotate(clock::time_point now);
  std::optional<key> newest_;
  std::optional<key> before_;
};

}  // namespace parley::tls
