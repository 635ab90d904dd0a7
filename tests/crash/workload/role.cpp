#include "crash/workload/role.hpp"

#include <algorithm>
#include <array>
#include <random>
#include <set>

namespace parley::crash {
namespace {

constexpr std::array<std::uint32_t, 6> windows = {1, 2, 4, 8, 16, 64};

role behaviour(std::mt19937_64& random, std::size_t person, std::uint32_t messages) {
  role out;
  out.person = person;
  out.window = windows[random() % windows.size()];
  out.eager = out.window <= 4;
  out.most = messages;
  out.resends = random() % 80;
  out.pages = random() % 40;
  out.reads = random() % 40;
  out.departures = random() % 20;
  return out;
}

/// Windows on a shuffled ring, which overlap.
std::vector<std::vector<std::size_t>> make_groups(std::uint64_t seed, std::size_t people) {
  std::mt19937_64 random(seed ^ 0x96007);
  std::vector<std::size_t> ring(people);
  for (std::size_t i = 0; i < people; ++i) ring[i] = i;
  for (std::size_t i = people; i > 1; --i) std::swap(ring[i - 1], ring[random() % i]);
  const auto count = 2 + people / 8;
  std::vector<std::vector<std::size_t>> out(count);
  for (std::size_t i = 0; i < count; ++i) {
    const auto size = std::min(people - 1, people / count + 1 + random() % 4);
    for (std::size_t k = 0; k < size; ++k) out[i].push_back(ring[(i * people / count + k) % people]);
  }
  return out;
}

}  // namespace

cast make_cast(std::uint64_t seed, std::size_t people, std::uint32_t messages_each) {
  people = std::max<std::size_t>(3, people);
  std::mt19937_64 random(seed ^ 0xca57);
  std::vector<std::set<std::size_t>> peers(people);
  const auto acquaint = [&](std::size_t a, std::size_t b) {
    if (a == b) return;
    peers[a].insert(b);
    peers[b].insert(a);
  };
  for (std::size_t i = 0; i < people; ++i) {
    acquaint(i, (i + 1) % people);
    if (random() % 2 == 0) acquaint(i, random() % people);
  }
  cast out;
  out.groups = make_groups(seed, people);
  for (std::size_t i = 0; i < people; ++i) {
    out.peers.emplace_back(peers[i].begin(), peers[i].end());
    auto pc = behaviour(random, i, messages_each);
    if (i + 1 == people) {
      pc.level = 0;
      pc.resends = 0;
    }
    out.roles.push_back(pc);
    if (i % 3 != 0) continue;
    auto mobile = behaviour(random, i, messages_each);
    mobile.mobile = true;
    out.roles.push_back(mobile);
  }
  return out;
}

std::string name_of(const role& one) {
  return "u" + std::to_string(one.person) + (one.mobile ? "/mobile" : "/pc");
}

}  // namespace parley::crash
