#include "host/tls/self_signed.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

#include "host/tls/openssl.hpp"

namespace parley::tls {

namespace {

bool is_address(const std::string& name) {
  unsigned char binary[16];
  return inet_pton(AF_INET, name.c_str(), binary) == 1 || inet_pton(AF_INET6, name.c_str(), binary) == 1;
}

bool add_extension(X509* to, int nid, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, to, to, nullptr, nullptr, 0);
  auto* made = X509V3_EXT_conf_nid(nullptr, &context, nid, value.c_str());
  const bool added = made && X509_add_ext(to, made, -1) == 1;
  X509_EXTENSION_free(made);
  return added;
}

bool describe(X509* out, EVP_PKEY* key, const certificate_wish& wish) {
  unsigned char serial[16];
  if (RAND_bytes(serial, sizeof serial) != 1) return false;
  serial[0] &= 0x7f;
  std::unique_ptr<BIGNUM, freed_by<BIGNUM, BN_free>> number(BN_bin2bn(serial, sizeof serial, nullptr));
  std::string names;
  for (const auto& name : wish.names) {
    names += (names.empty() ? "" : ",") + std::string(is_address(name) ? "IP:" : "DNS:") + name;
  }
  auto* subject = X509_get_subject_name(out);
  const auto* common = reinterpret_cast<const unsigned char*>(wish.names.front().c_str());
  return number && BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(out)) && X509_set_version(out, 2) == 1 &&
         X509_gmtime_adj(X509_getm_notBefore(out), wish.first_second) &&
         X509_gmtime_adj(X509_getm_notAfter(out), wish.last_second) && X509_set_pubkey(out, key) == 1 &&
         X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8, common, -1, -1, 0) == 1 &&
         X509_set_issuer_name(out, subject) == 1 && add_extension(out, NID_basic_constraints, "critical,CA:TRUE") &&
         add_extension(out, NID_subject_alt_name, names) && X509_sign(out, key, EVP_sha256()) > 0;
}

/// Beside the old one first, so that a reader finds a whole file.
template <class Write>
result<void> write_file(const std::string& path, int mode, Write&& write) {
  const auto fault = [&](const std::string& why) { return error{status::unavailable, path + ": " + why}; };
  const auto fresh = path + ".new";
  ::unlink(fresh.c_str());
  const int fd = ::open(fresh.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
  std::FILE* file = fd < 0 ? nullptr : ::fdopen(fd, "w");
  if (!file) return fault(std::strerror(errno));
  const bool written = write(file);
  if (std::fclose(file) != 0 || !written || std::rename(fresh.c_str(), path.c_str()) != 0) {
    const int failed = errno;
    ::unlink(fresh.c_str());
    return fault(std::strerror(failed));
  }
  return {};
}

}  // namespace

result<void> make_self_signed(const std::string& directory, const certificate_wish& wish) {
  ERR_clear_error();
  pkey_ptr key(wish.rsa ? EVP_RSA_gen(2048) : EVP_EC_gen("P-256"));
  x509_ptr certificate(X509_new());
  if (!key || !certificate || !describe(certificate.get(), key.get(), wish))
    return error{status::malformed, "no certificate can be made: " + take_error()};
  auto done = write_file(directory + "/key.pem", 0600, [&](std::FILE* out) {
    return PEM_write_PrivateKey(out, key.get(), nullptr, nullptr, 0, nullptr, nullptr) == 1;
  });
  if (!done) return done;
  return write_file(directory + "/certificate.pem", 0644,
                    [&](std::FILE* out) { return PEM_write_X509(out, certificate.get()) == 1; });
}

}  // namespace parley::tls
