#include <gtest/gtest.h>

#include <cstdlib>

#include "host/config/manifest.hpp"

namespace parley::host {
namespace {

manifest all_in_one() {
  std::vector<diagnostic> errors;
  manifest m = load_manifest(PARLEY_SOURCE_DIR "/config/all-in-one.yaml", errors);
  for (const diagnostic& e : errors) ADD_FAILURE() << e.to_string();
  return m;
}

class all_in_one_manifest : public testing::Test {
 protected:
  void SetUp() override {
    for (const char* name : {"PARLEY_PDU_PORT", "PARLEY_HTTP_PORT", "PARLEY_BIND", "PARLEY_DATA", "PARLEY_SQL",
                             "PARLEY_CACHE", "PARLEY_PASSWORD_COST", "PARLEY_GROUP_COMMIT", "PARLEY_MESSAGE_RATE"}) {
      unsetenv(name);
    }
  }
  void TearDown() override { SetUp(); }
};

TEST_F(all_in_one_manifest, runs_on_sqlite_and_loopback) {
  const manifest m = all_in_one();
  ASSERT_EQ(m.listeners.size(), 2u);
  EXPECT_EQ(m.listeners[0].bind, "127.0.0.1");
  EXPECT_EQ(m.listeners[0].port, 8000);
  EXPECT_EQ(m.listeners[0].heartbeat, 0x0701);
  EXPECT_EQ(m.listeners[0].idle_by_tag.at(1).timeout, milliseconds(300'000));
  EXPECT_EQ(m.listeners[0].rates.at(0).per_second, 20u);
  EXPECT_EQ(m.listeners[1].port, 8080);
  EXPECT_EQ(m.sql.at(0).url, "sqlite://./data/parley.db");
  EXPECT_EQ(m.sql.at(0).max_batch, 0u);
  EXPECT_EQ(m.caches.at(0).url, "memory:");
  EXPECT_EQ(m.workers.at(0).threads, 2u);
  EXPECT_EQ(m.plugins.size(), 11u);
  EXPECT_EQ(m.plugins.at(1).config.at("password_cost").text, "standard");
}

TEST_F(all_in_one_manifest, is_turned_by_the_environment) {
  setenv("PARLEY_PDU_PORT", "0", 1);
  setenv("PARLEY_DATA", "/tmp/d", 1);
  setenv("PARLEY_GROUP_COMMIT", "off", 1);
  setenv("PARLEY_MESSAGE_RATE", "0", 1);
  setenv("PARLEY_PASSWORD_COST", "low", 1);
  const manifest m = all_in_one();
  EXPECT_EQ(m.listeners.at(0).port, 0);
  EXPECT_EQ(m.data, "/tmp/d");
  EXPECT_EQ(m.sql.at(0).url, "sqlite:///tmp/d/parley.db");
  EXPECT_EQ(m.sql.at(0).max_batch, 1u);
  EXPECT_EQ(m.listeners.at(0).rates.at(0).per_second, 0u);
  EXPECT_EQ(m.plugins.at(1).config.at("password_cost").text, "low");
  setenv("PARLEY_SQL", "sqlite:///elsewhere.db", 1);
  EXPECT_EQ(all_in_one().sql.at(0).url, "sqlite:///elsewhere.db");
}

}  // namespace
}  // namespace parley::host
