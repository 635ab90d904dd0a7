#include "host/cluster/proof.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>

#include <stdexcept>

#include "host/cluster/records.hpp"
#include "host/cluster/wire.hpp"

namespace parley::host {

namespace {
constexpr std::size_t nonce_size = 32;

void put_proved(record_writer& w, const node_identity& who) {
  w.text(who.name).number(who.incarnation).number(who.number);
}
}  // namespace

std::string make_nonce() {
  std::string out(nonce_size, '\0');
  if (RAND_bytes(reinterpret_cast<unsigned char*>(out.data()), nonce_size) != 1) {
    throw std::runtime_error("no random bytes for a link's handshake");
  }
  return out;
}

std::string prove(std::string_view secret, bool as_dialer, const handshake_facts& facts) {
  record_writer w;
  w.text("parley link").number(link_version).text(as_dialer ? "dialer" : "accepter");
  put_proved(w, facts.dialer);
  put_proved(w, facts.accepter);
  w.text(facts.dialer_nonce).text(facts.accepter_nonce);
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned size = 0;
  HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()),
       reinterpret_cast<const unsigned char*>(w.bytes().data()), w.bytes().size(), digest, &size);
  return {reinterpret_cast<char*>(digest), size};
}

bool same_proof(std::string_view a, std::string_view b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace parley::host
