#include "host/tls/server_identity.hpp"

#include <openssl/pem.h>
#include <sys/stat.h>

#include <ctime>

#include "unit/host/tls/tls_files.hpp"

namespace parley::tls {
namespace {

std::string fault_of(const server_files& files) {
  const auto loaded = server_identity::load(files);
  return loaded ? "" : loaded.text();
}

void write(const std::string& file, const std::string& text) {
  std::ofstream(file, std::ios::trunc) << text;
}

TEST(server_identity, knows_whose_it_is_and_until_when) {
  certificate_wish wish;
  wish.names = {"chat.example", "10.0.0.1"};
  wish.last_second = 1000;
  const tls_files made(wish);
  const auto who = made.identity();
  EXPECT_EQ(who->subject(), "CN = chat.example");
  EXPECT_NEAR(static_cast<double>(who->expires_s()), static_cast<double>(std::time(nullptr) + 1000), 5);
  EXPECT_LT(who->begins_s(), std::time(nullptr));
}

TEST(server_identity, keys_are_for_nobody_else_to_read) {
  const tls_files made;
  struct stat facts {};
  ASSERT_EQ(stat(made.key().c_str(), &facts), 0);
  EXPECT_EQ(facts.st_mode & 0777, 0600u);
}

TEST(server_identity, an_rsa_key_will_do) {
  certificate_wish wish;
  wish.rsa = true;
  EXPECT_EQ(fault_of(tls_files(wish).files()), "");
}

TEST(server_identity, an_expired_certificate_is_loaded) {
  certificate_wish wish;
  wish.first_second = -2000;
  wish.last_second = -1000;
  const auto who = tls_files(wish).identity();
  EXPECT_LT(who->expires_s(), std::time(nullptr));
}

TEST(server_identity, a_missing_file_is_named) {
  const tls_files made;
  auto files = made.files();
  files.key = "/nowhere/key.pem";
  EXPECT_EQ(fault_of(files), "key /nowhere/key.pem: No such file or directory");
  files = made.files();
  files.certificate = "/nowhere/certificate.pem";
  EXPECT_EQ(fault_of(files), "certificate /nowhere/certificate.pem: No such file or directory");
  files = made.files();
  files.client_ca = "/nowhere/ca.pem";
  EXPECT_EQ(fault_of(files), "client_ca /nowhere/ca.pem: No such file or directory");
  files.client_ca = made.directory.path().string();
  EXPECT_EQ(fault_of(files), "client_ca " + files.client_ca + ": Is a directory");
}

TEST(server_identity, somebody_elses_key_is_refused) {
  const tls_files made, other;
  auto files = made.files();
  files.key = other.key();
  EXPECT_EQ(fault_of(files), "key " + files.key + ": does not belong to certificate " + files.certificate);
}

TEST(server_identity, what_is_no_pem_is_refused) {
  const tls_files made;
  write(made.certificate(), "garbage\n");
  EXPECT_NE(fault_of(made.files()).find("certificate " + made.certificate() + ": "), std::string::npos);
  write(made.certificate(), "");
  EXPECT_EQ(fault_of(made.files()), "certificate " + made.certificate() + ": the file is empty");
}

TEST(server_identity, a_key_with_a_password_is_refused_without_asking) {
  const tls_files made;
  std::unique_ptr<std::FILE, int (*)(std::FILE*)> in(std::fopen(made.key().c_str(), "r"), std::fclose);
  pkey_ptr key(PEM_read_PrivateKey(in.get(), nullptr, nullptr, nullptr));
  ASSERT_TRUE(key);
  std::unique_ptr<std::FILE, int (*)(std::FILE*)> out(std::fopen(made.key().c_str(), "w"), std::fclose);
  ASSERT_EQ(
      PEM_write_PrivateKey(out.get(), key.get(), EVP_aes_128_cbc(), nullptr, 0, nullptr, const_cast<char*>("secret")),
      1);
  out.reset();
  EXPECT_NE(fault_of(made.files()).find("key " + made.key() + ": "), std::string::npos);
}

TEST(utc_text, is_for_people) {
  EXPECT_EQ(utc_text(1'800'000'000), "2027-01-15 08:00:00 UTC");
}

}  // namespace
}  // namespace parley::tls
