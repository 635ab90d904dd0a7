#include "host/tls/ticket_keys.hpp"

#include <gtest/gtest.h>
#include <openssl/evp.h>

#include "host/tls/openssl.hpp"

namespace parley::tls {
namespace {

using cipher_ptr = std::unique_ptr<EVP_CIPHER_CTX, freed_by<EVP_CIPHER_CTX, EVP_CIPHER_CTX_free>>;
using mac_ptr = std::unique_ptr<EVP_MAC_CTX, freed_by<EVP_MAC_CTX, EVP_MAC_CTX_free>>;

struct ticket_life : testing::Test {
  struct sealed {
    unsigned char name[16] = {};
    unsigned char iv[16] = {};
  };
  mac_ptr mac() {
    auto* kind = EVP_MAC_fetch(nullptr, "HMAC", nullptr);
    mac_ptr out(EVP_MAC_CTX_new(kind));
    EVP_MAC_free(kind);
    return out;
  }
  sealed seal(std::chrono::hours at) {
    sealed out;
    const cipher_ptr cipher(EVP_CIPHER_CTX_new());
    EXPECT_EQ(keys.seal(out.name, out.iv, cipher.get(), mac().get(), start + at), 1);
    return out;
  }
  int open(const sealed& what, std::chrono::hours at) {
    const cipher_ptr cipher(EVP_CIPHER_CTX_new());
    return keys.open(what.name, what.iv, cipher.get(), mac().get(), start + at);
  }
  ticket_keys keys;
  ticket_keys::clock::time_point start = ticket_keys::clock::now();
};

using std::chrono::hours;

TEST_F(ticket_life, is_good_then_renewed_then_over) {
  const auto ticket = seal(hours(0));
  EXPECT_EQ(open(ticket, hours(5)), 1);
  EXPECT_EQ(open(ticket, hours(6)), 2);
  EXPECT_EQ(open(ticket, hours(11)), 2);
  EXPECT_EQ(open(ticket, hours(12)), 0);
}

TEST_F(ticket_life, keys_change_under_load) {
  const auto first = seal(hours(0)), second = seal(hours(6));
  EXPECT_NE(std::string(first.name, first.name + 16), std::string(second.name, second.name + 16));
  EXPECT_EQ(open(second, hours(7)), 1);
  EXPECT_EQ(open(first, hours(7)), 2);
}

TEST_F(ticket_life, a_node_that_slept_for_days_knows_none_of_before) {
  const auto ticket = seal(hours(0));
  EXPECT_EQ(open(ticket, hours(48)), 0);
}

TEST_F(ticket_life, unknown_names_are_no_failure) {
  seal(hours(0));
  EXPECT_EQ(open({}, hours(0)), 0);
}

}  // namespace
}  // namespace parley::tls
