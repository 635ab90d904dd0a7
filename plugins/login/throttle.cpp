#include "throttle.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <cstring>
#include <string>

namespace login {
namespace {

/// What one customer has: an IPv4 address, or an IPv6 network of 64 bits.
std::string network_of(std::string_view address) {
  const std::string text(address.substr(0, address.find('%')));
  in6_addr six{};
  if (inet_pton(AF_INET6, text.c_str(), &six) != 1) return text;
  const auto* bytes = reinterpret_cast<const char*>(six.s6_addr);
  if (IN6_IS_ADDR_V4MAPPED(&six)) {
    char four[INET_ADDRSTRLEN];
    return inet_ntop(AF_INET, bytes + 12, four, sizeof four);
  }
  return std::string(bytes, 8);
}

}  // namespace

throttle::throttle(const limits& l) : limits_(l), pairs_(l.pairs), addresses_(l.addresses) {
  crypto_shorthash_keygen(key_.data());
}

attempt_key throttle::key(std::string_view name, std::string_view address) const {
  const auto hashed = [this](const std::string& text) {
    unsigned char out[crypto_shorthash_BYTES];
    crypto_shorthash(out, reinterpret_cast<const unsigned char*>(text.data()), text.size(), key_.data());
    std::uint64_t number;
    std::memcpy(&number, out, sizeof number);
    return number;
  };
  const std::string network = network_of(address);
  return {hashed(network + '\0' + std::string(name)), hashed(network)};
}

bool throttle::full(bounded_map<std::uint64_t, times>& table, std::uint64_t key, std::size_t most,
                    std::uint64_t now_ms) {
  times* found = table.find(key);
  if (!found) return false;
  std::erase_if(*found, [&](std::uint64_t at) { return now_ms - at >= limits_.window_ms; });
  return found->size() >= most;
}

void throttle::note(bounded_map<std::uint64_t, times>& table, std::uint64_t key, std::size_t most,
                    std::uint64_t now_ms) {
  times& seen = table[key];
  if (seen.size() >= most) seen.erase(seen.begin());
  seen.push_back(now_ms);
}

bool throttle::refuses(const attempt_key& key, std::uint64_t now_ms) {
  if (limits_.failures == 0) return false;
  return full(pairs_, key.pair, limits_.failures, now_ms) ||
         full(addresses_, key.address, limits_.failures_per_address, now_ms);
}

bool throttle::failed(const attempt_key& key, std::uint64_t now_ms) {
  if (limits_.failures == 0) return false;
  const bool was_refusing = refuses(key, now_ms);
  note(pairs_, key.pair, limits_.failures, now_ms);
  note(addresses_, key.address, limits_.failures_per_address, now_ms);
  return !was_refusing && refuses(key, now_ms);
}

}  // namespace login
