// A directory with a certificate of its own.
#pragma once

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>
#include <string>

#include "host/tls/client_context.hpp"
#include "host/tls/self_signed.hpp"
#include "host/tls/server_identity.hpp"
#include "support/temp_dir.hpp"

namespace parley::tls {

struct tls_files {
  explicit tls_files(const certificate_wish& wish = {}) {
    const auto made = make_self_signed(directory.path().string(), wish);
    EXPECT_TRUE(made) << made.text();
  }
  std::string certificate() const { return (directory.path() / "certificate.pem").string(); }
  std::string key() const { return (directory.path() / "key.pem").string(); }
  server_files files() const { return {certificate(), key(), "", "1.2", ""}; }
  std::shared_ptr<server_identity> identity(const std::string& protocol = "") const {
    auto wanted = files();
    wanted.protocol = protocol;
    auto loaded = server_identity::load(wanted);
    EXPECT_TRUE(loaded) << loaded.text();
    return *loaded;
  }
  std::shared_ptr<client_context> trust() const { return *client_context::make(certificate(), false); }

  test::temp_dir directory;
};

}  // namespace parley::tls
