#include "host/tls/ticket_keys.hpp"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/rand.h>

#include <algorithm>
#include <utility>

namespace parley::tls {

namespace {

bool set_mac(EVP_MAC_CTX* mac, const std::array<unsigned char, 32>& key) {
  char digest[] = "SHA256";
  const OSSL_PARAM params[] = {
      OSSL_PARAM_construct_octet_string(OSSL_MAC_PARAM_KEY, const_cast<unsigned char*>(key.data()), key.size()),
      OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest, 0), OSSL_PARAM_construct_end()};
  return EVP_MAC_CTX_set_params(mac, params) == 1;
}

}  // namespace

bool ticket_keys::rotate(clock::time_point now) {
  if (before_ && now - before_->made >= 2 * lifetime) before_.reset();
  if (newest_ && now - newest_->made < lifetime) return true;
  key fresh;
  fresh.made = now;
  if (RAND_bytes(fresh.name.data(), static_cast<int>(fresh.name.size())) != 1 ||
      RAND_priv_bytes(fresh.cipher.data(), static_cast<int>(fresh.cipher.size())) != 1 ||
      RAND_priv_bytes(fresh.mac.data(), static_cast<int>(fresh.mac.size())) != 1)
    return false;
  before_ = std::exchange(newest_, fresh);
  if (before_ && now - before_->made >= 2 * lifetime) before_.reset();
  return true;
}

int ticket_keys::seal(unsigned char* name, unsigned char* iv, EVP_CIPHER_CTX* cipher, EVP_MAC_CTX* mac,
                      clock::time_point now) {
  if (!rotate(now) || RAND_bytes(iv, EVP_CIPHER_get_iv_length(EVP_aes_256_cbc())) != 1) return -1;
  std::copy(newest_->name.begin(), newest_->name.end(), name);
  return EVP_EncryptInit_ex2(cipher, EVP_aes_256_cbc(), newest_->cipher.data(), iv, nullptr) == 1 &&
                 set_mac(mac, newest_->mac)
             ? 1
             : -1;
}

int ticket_keys::open(const unsigned char* name, const unsigned char* iv, EVP_CIPHER_CTX* cipher, EVP_MAC_CTX* mac,
                      clock::time_point now) {
  if (!rotate(now)) return -1;
  for (const auto* candidate : {&newest_, &before_}) {
    if (!*candidate || !std::equal((*candidate)->name.begin(), (*candidate)->name.end(), name)) continue;
    const auto& k = **candidate;
    if (EVP_DecryptInit_ex2(cipher, EVP_aes_256_cbc(), k.cipher.data(), iv, nullptr) != 1 || !set_mac(mac, k.mac))
      return -1;
    return candidate == &newest_ ? 1 : 2;
  }
  return 0;
}

}  // namespace parley::tls
