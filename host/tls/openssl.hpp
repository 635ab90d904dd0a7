// Owners of OpenSSL's objects, and its errors as text.
#pragma once

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <memory>
#include <string>

namespace parley::tls {

template <class T, void (*Free)(T*)>
struct freed_by {
  void operator()(T* what) const { Free(what); }
};

using ssl_ptr = std::unique_ptr<SSL, freed_by<SSL, SSL_free>>;
using ssl_ctx_ptr = std::unique_ptr<SSL_CTX, freed_by<SSL_CTX, SSL_CTX_free>>;
using x509_ptr = std::unique_ptr<X509, freed_by<X509, X509_free>>;
using pkey_ptr = std::unique_ptr<EVP_PKEY, freed_by<EVP_PKEY, EVP_PKEY_free>>;

/// The last error of this thread as a phrase; empties the queue.
std::string take_error();

}  // namespace parley::tls
