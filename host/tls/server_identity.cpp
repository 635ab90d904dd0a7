#include "host/tls/server_identity.hpp"

#include <openssl/err.h>

#include <cerrno>
#include <cstring>
#include <ctime>
#include <fstream>

namespace parley::tls {

namespace {

constexpr long ticket_seconds = 6 * 3600;
constexpr const char* ciphers_1_2 = "ECDHE+AESGCM:ECDHE+CHACHA20";
constexpr const char* groups = "X25519:P-256:P-384";
constexpr unsigned char session_context[] = "parley";

error fault(const std::string& text) {
  return {status::malformed, text};
}

/// Nothing when the file can be read.
std::string unreadable(const std::string& what, const std::string& file) {
  errno = 0;
  std::ifstream in(file);
  char first;
  if (in.get(first)) return {};
  const std::string why = errno ? std::strerror(errno) : "the file is empty";
  return what + " " + file + ": " + why;
}

std::int64_t seconds_of(const ASN1_TIME* time) {
  std::tm parts{};
  return ASN1_TIME_to_tm(time, &parts) == 1 ? static_cast<std::int64_t>(timegm(&parts)) : 0;
}

int no_password(char*, int, int, void*) {
  return -1;  // never asks on a terminal
}

}  // namespace

std::string utc_text(std::int64_t unix_s) {
  const auto at = static_cast<std::time_t>(unix_s);
  std::tm parts{};
  gmtime_r(&at, &parts);
  char text[48];
  std::strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S UTC", &parts);
  return text;
}

result<std::shared_ptr<server_identity>> server_identity::load(const server_files& files) {
  ERR_clear_error();
  std::shared_ptr<server_identity> made(new server_identity);
  if (auto done = made->read(files); !done) return done.failure();
  return made;
}

result<void> server_identity::read(const server_files& files) {
  for (const auto& [what, file] : {std::pair("certificate", files.certificate), std::pair("key", files.key)}) {
    if (auto why = unreadable(what, file); !why.empty()) return fault(why);
  }
  context_.reset(SSL_CTX_new(TLS_server_method()));
  auto* ctx = context_.get();
  if (!ctx) return fault("OpenSSL: " + take_error());
  SSL_CTX_set_min_proto_version(ctx, files.minimum == "1.3" ? TLS1_3_VERSION : TLS1_2_VERSION);
  SSL_CTX_set_options(ctx, SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION | SSL_OP_CIPHER_SERVER_PREFERENCE |
                               SSL_OP_PRIORITIZE_CHACHA | SSL_OP_IGNORE_UNEXPECTED_EOF);
  SSL_CTX_set_mode(ctx, SSL_MODE_RELEASE_BUFFERS);
  if (SSL_CTX_set_cipher_list(ctx, ciphers_1_2) != 1 || SSL_CTX_set1_groups_list(ctx, groups) != 1)
    return fault("OpenSSL: " + take_error());
  SSL_CTX_set_default_passwd_cb(ctx, no_password);
  if (SSL_CTX_use_certificate_chain_file(ctx, files.certificate.c_str()) != 1)
    return fault("certificate " + files.certificate + ": " + take_error());
  if (SSL_CTX_use_PrivateKey_file(ctx, files.key.c_str(), SSL_FILETYPE_PEM) != 1) {
    const auto why = take_error();
    return fault("key " + files.key + ": " +
                 (why == "key values mismatch" ? "does not belong to certificate " + files.certificate : why));
  }
  if (SSL_CTX_check_private_key(ctx) != 1)
    return fault("key " + files.key + ": does not belong to certificate " + files.certificate);
  if (!files.client_ca.empty()) {
    if (auto why = unreadable("client_ca", files.client_ca); !why.empty()) return fault(why);
    auto* names = SSL_load_client_CA_file(files.client_ca.c_str());
    if (!names || SSL_CTX_load_verify_file(ctx, files.client_ca.c_str()) != 1) {
      sk_X509_NAME_pop_free(names, X509_NAME_free);
      return fault("client_ca " + files.client_ca + ": " + take_error());
    }
    SSL_CTX_set_client_CA_list(ctx, names);
    SSL_CTX_set_verify(ctx, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
  }
  SSL_CTX_set_session_cache_mode(ctx, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_session_id_context(ctx, session_context, sizeof session_context - 1);
  SSL_CTX_set_timeout(ctx, ticket_seconds);
  SSL_CTX_set_num_tickets(ctx, 1);
  SSL_CTX_set_app_data(ctx, this);
  SSL_CTX_set_tlsext_ticket_key_evp_cb(
      ctx, [](SSL* ssl, unsigned char* name, unsigned char* iv, EVP_CIPHER_CTX* cipher, EVP_MAC_CTX* mac, int sealing) {
        auto& keys = static_cast<server_identity*>(SSL_CTX_get_app_data(SSL_get_SSL_CTX(ssl)))->tickets_;
        const auto now = ticket_keys::clock::now();
        return sealing ? keys.seal(name, iv, cipher, mac, now) : keys.open(name, iv, cipher, mac, now);
      });
  if (!files.protocol.empty()) {
    protocol_ = static_cast<char>(files.protocol.size()) + files.protocol;
    SSL_CTX_set_alpn_select_cb(
        ctx,
        [](SSL*, const unsigned char** out, unsigned char* size, const unsigned char* offered, unsigned offered_size,
           void* self) {
          const auto& own = static_cast<const server_identity*>(self)->protocol_;
          unsigned char* chosen = nullptr;
          if (SSL_select_next_proto(&chosen, size, reinterpret_cast<const unsigned char*>(own.data()),
                                    static_cast<unsigned>(own.size()), offered, offered_size) != OPENSSL_NPN_NEGOTIATED)
            return SSL_TLSEXT_ERR_ALERT_FATAL;
          *out = chosen;
          return SSL_TLSEXT_ERR_OK;
        },
        this);
  }
  return read_times(files.certificate);
}

result<void> server_identity::read_times(const std::string& file) {
  const auto* certificate = SSL_CTX_get0_certificate(context_.get());
  begins_s_ = seconds_of(X509_get0_notBefore(certificate));
  expires_s_ = seconds_of(X509_get0_notAfter(certificate));
  if (expires_s_ == 0) return fault("certificate " + file + ": its end cannot be read");
  std::unique_ptr<BIO, freed_by<BIO, BIO_free_all>> line(BIO_new(BIO_s_mem()));
  X509_NAME_print_ex(line.get(), X509_get_subject_name(certificate), 0, XN_FLAG_ONELINE & ~ASN1_STRFLGS_ESC_MSB);
  char* text = nullptr;
  const long size = BIO_get_mem_data(line.get(), &text);
  if (size > 0) subject_.assign(text, static_cast<std::size_t>(size));
  return {};
}

}  // namespace parley::tls
