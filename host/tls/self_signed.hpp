// A certificate for development: of this machine, by itself.
#pragma once

#include <string>
#include <vector>

#include "parley/status.hpp"

namespace parley::tls {

struct certificate_wish {
  std::vector<std::string> names = {"localhost", "127.0.0.1", "::1"};  // host names and addresses
  long first_second = -3600;                                           // from now
  long last_second = 365l * 24 * 3600;
  bool rsa = false;  // RSA 2048, else ECDSA P-256
};

/// Writes DIRECTORY/certificate.pem and DIRECTORY/key.pem (mode 0600), replacing both. The error says which and why.
result<void> make_self_signed(const std::string& directory, const certificate_wish& wish = {});

}  // namespace parley::tls
