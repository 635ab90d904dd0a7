// A morning: so many log in, and the PDUs about it stay in proportion.
#include "host_with_people.hpp"

namespace route_test {
namespace {

constexpr std::uint32_t talks = 6;  // whom each has a live recent session with

class morning : public people {
 protected:
  morning() : people("10") {}

  /// PDUs of presence that `count` logins cause, each user having talked with the six next to it.
  std::size_t pdus(std::uint32_t first, std::uint32_t count) {
    std::string rows;
    for (std::uint32_t i = 0; i < count; ++i) {
      for (std::uint32_t k = 1; k <= talks; ++k) {
        const auto peer = (i + (k % 2 ? (k + 1) / 2 : count - k / 2)) % count;
        rows +=
            (rows.empty() ? "(" : ",(") + std::to_string(first + i) + "," + std::to_string(first + peer) + ",1,0,1,1)";
      }
    }
    sql("INSERT INTO IMRecentSession(userId, peerId, type, status, created, updated) VALUES " + rows);
    const auto before = pdus_out();
    std::vector<session> all;
    for (std::uint32_t i = 0; i < count; ++i) all.push_back(host.connect_as(first + i, windows, i % 2));
    const auto sent = pdus_out() - before;
    for (auto& one : all) one.close();
    host.settle();
    return sent;
  }
  /// Nobody asks for anything here, so all of them are news.
  std::size_t pdus_out() {
    const auto text = host.get("/metrics").body;
    const std::string name = "\nparley_pdus{direction=\"out\"} ";
    const auto at = text.find(name);
    if (at == std::string::npos) throw parley::testing::failure("no count of PDUs in " + text);
    return std::stoull(text.substr(at + name.size()));
  }
};

/// Each login is told to the six who know the user, or to ten while ten are online: not to everybody there.
TEST_F(morning, of_250_and_of_1000_costs_the_same_for_each) {
  const auto small = pdus(1, 250);
  const auto large = pdus(10'001, 1000);
  EXPECT_GT(small, 250u);
  EXPECT_LE(small, 250u * talks + 100);
  EXPECT_GT(large, 1000u);
  EXPECT_LE(large, 1000u * talks + 100);
}

}  // namespace
}  // namespace route_test
