#include "host/tls/client_context.hpp"

namespace parley::tls {

result<std::shared_ptr<client_context>> client_context::make(const std::string& ca, bool insecure) {
  auto made = std::make_shared<client_context>();
  made->context_.reset(SSL_CTX_new(TLS_client_method()));
  auto* ctx = made->context_.get();
  if (!ctx) return error{status::unavailable, "OpenSSL: " + take_error()};
  SSL_CTX_set_min_proto_version(ctx, TLS1_2_VERSION);
  SSL_CTX_set_options(ctx, SSL_OP_IGNORE_UNEXPECTED_EOF);
  SSL_CTX_set_mode(ctx, SSL_MODE_RELEASE_BUFFERS);
  SSL_CTX_set_verify(ctx, insecure ? SSL_VERIFY_NONE : SSL_VERIFY_PEER, nullptr);
  if (!insecure) {
    const bool loaded =
        (ca.empty() ? SSL_CTX_set_default_verify_paths(ctx) : SSL_CTX_load_verify_file(ctx, ca.c_str())) == 1;
    if (!loaded) return error{status::malformed, (ca.empty() ? "the system's certificates" : ca) + ": " + take_error()};
  }
  return made;
}

}  // namespace parley::tls
