// What a client of ours trusts.
#pragma once

#include <memory>
#include <string>

#include "host/tls/openssl.hpp"
#include "parley/status.hpp"

namespace parley::tls {

/// For many connections.
class client_context {
 public:
  /// `ca`: a PEM file of who is trusted, empty = the system's. `insecure`: the server's certificate is not looked at.
  static result<std::shared_ptr<client_context>> make(const std::string& ca, bool insecure);

  SSL_CTX* raw() const { return context_.get(); }

 private:
  ssl_ctx_ptr context_;
};

}  // namespace parley::tls
