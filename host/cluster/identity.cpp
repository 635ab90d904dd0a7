#include "host/cluster/identity.hpp"

#include <openssl/rand.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <fstream>

#include "host/base/log.hpp"

namespace parley::host {

namespace {

constexpr unsigned random_bits = 20;

std::uint64_t random_bytes() {
  std::uint64_t out = 0;
  RAND_bytes(reinterpret_cast<unsigned char*>(&out), sizeof out);
  return out;
}

}  // namespace

life begin_life(const std::string& data_directory) {
  const auto path = data_directory + "/incarnation";
  life out;
  std::ifstream(path) >> out.before;
  using namespace std::chrono;
  const auto ms =
      static_cast<std::uint64_t>(duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count());
  out.now = std::max(ms << random_bits | (random_bytes() & ((1u << random_bits) - 1)), out.before + 1);
  const auto beside = path + ".new";
  std::ofstream file(beside, std::ios::trunc);
  file << out.now << "\n";
  file.close();
  if (!file || std::rename(beside.c_str(), path.c_str()) != 0) {
    log_of("cluster")->warn("cannot write {}: after a restart this node waits for its own lease", path);
  }
  return out;
}

std::uint16_t random_number(std::uint16_t not_this) {
  for (;;) {
    const auto number = static_cast<std::uint16_t>(random_bytes());
    if (number != 0 && number != not_this) return number;
  }
}

}  // namespace parley::host
