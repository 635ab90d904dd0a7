#include "host/plugin/account.hpp"

#include <chrono>

namespace parley::host {

std::uint64_t account::now_ns() {
  using namespace std::chrono;
  return static_cast<std::uint64_t>(duration_cast<nanoseconds>(steady_clock::now().time_since_epoch()).count());
}

std::uint64_t account::sample() {
  constexpr std::uint64_t crowded_ns = 1000000, sparse_ns = 4000000;
  const auto now = now_ns();
  weight_ = interval_;
  const auto since = now - last_ns_;
  last_ns_ = now;
  if (since < crowded_ns && interval_ < longest_interval) interval_ *= 2;
  if (since > sparse_ns && interval_ > 1) interval_ /= 2;
  countdown_ = interval_;
  return now;
}

}  // namespace parley::host
