#include "throttle.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <cstring>
#include <string>
#include <utility>

namespace login {

using parley::put;
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

std::uint64_t throttle::hashed(const std::string& text) const {
  unsigned char out[crypto_shorthash_BYTES];
  crypto_shorthash(out, reinterpret_cast<const unsigned char*>(text.data()), text.size(), key_.data());
  std::uint64_t number;
  std::memcpy(&number, out, sizeof number);
  return number;
}

attempt_key throttle::key(std::string_view name, std::string_view address) const {
  const auto network = hashed(network_of(address));
  return {network ^ hashed('\0' + std::string(name)), network};
}

std::size_t throttle::forget(std::string_view name, std::uint64_t now_ms) {
  const auto called = hashed('\0' + std::string(name));
  std::vector<std::uint64_t> networks;
  for (const auto& [network, seen] : addresses_.entries()) {
    if (pairs_.has(network ^ called)) networks.push_back(network);
  }
  std::size_t found = 0;
  for (const auto network : networks) {
    const times failures = *pairs_.find(network ^ called);
    pairs_.erase(network ^ called);
    times& all = *addresses_.find(network);
    for (const auto at : failures) {
      if (const auto same = std::find(all.begin(), all.end(), at); same != all.end()) all.erase(same);
    }
    if (std::any_of(failures.begin(), failures.end(),
                    [&](std::uint64_t at) { return now_ms - at < limits_.window_ms; })) {
      ++found;
    }
  }
  return found;
}

bool throttle::full(table& of, std::uint64_t key, std::size_t most, std::uint64_t now_ms) {
  times* found = of.find(key);
  if (!found) return false;
  std::erase_if(*found, [&](std::uint64_t at) { return now_ms - at >= limits_.window_ms; });
  return found->size() >= most;
}

void throttle::note(table& of, std::uint64_t key, std::size_t most, std::uint64_t now_ms) {
  times& seen = of[key];
  if (seen.size() >= most) seen.erase(seen.begin());
  seen.push_back(now_ms);
}

bool throttle::refuses(const attempt_key& key, std::uint64_t now_ms) {
  if (limits_.failures == 0) return false;
  // Both are looked at, so that an address is remembered for as long as the pairs it is in: forget() finds them by it.
  const bool pair = full(pairs_, key.pair, limits_.failures, now_ms);
  return full(addresses_, key.address, limits_.failures_per_address, now_ms) || pair;
}

bool throttle::failed(const attempt_key& key, std::uint64_t now_ms) {
  if (limits_.failures == 0) return false;
  const bool was_refusing = refuses(key, now_ms);
  note(pairs_, key.pair, limits_.failures, now_ms);
  note(addresses_, key.address, limits_.failures_per_address, now_ms);
  return !was_refusing && refuses(key, now_ms);
}

void throttle::save(std::string& out, std::uint64_t now_ms, std::size_t most) const {
  const auto begin = out.size();
  put(out, key_);
  put(out, now_ms);
  const auto left = [&] { return most - std::min(most, out.size() - begin); };
  save_table(out, addresses_, now_ms, left() / 2);
  save_table(out, pairs_, now_ms, left());
}

// A count of entries; of each its key, a count of times, and how long before now_ms they were.
void throttle::save_table(std::string& out, const table& from, std::uint64_t now_ms, std::size_t most) const {
  const auto begin = out.size();
  std::uint32_t entries = 0;
  put(out, entries);
  for (const auto& [key, seen] : from.entries()) {
    const auto first =
        std::find_if(seen.begin(), seen.end(), [&](std::uint64_t at) { return now_ms - at < limits_.window_ms; });
    if (first == seen.end()) continue;
    const auto head = out.size() - begin + sizeof key + sizeof(std::uint16_t);
    const auto room = (most - std::min(most, head)) / sizeof(std::uint32_t);
    if (room == 0) break;
    const auto count = std::min(room, static_cast<std::size_t>(seen.end() - first));  // the newest
    put(out, key);
    put(out, static_cast<std::uint16_t>(count));
    for (auto at = seen.end() - static_cast<std::ptrdiff_t>(count); at != seen.end(); ++at) {
      put(out, static_cast<std::uint32_t>(now_ms - *at));
    }
    ++entries;
  }
  std::memcpy(out.data() + begin, &entries, sizeof entries);
}

bool throttle::restore(parley::state_reader& in) {
  const auto key = in.get<decltype(key_)>();
  const auto saved_ms = in.get<std::uint64_t>();
  auto addresses = restored(in, saved_ms, addresses_, limits_.failures_per_address);
  auto pairs = restored(in, saved_ms, pairs_, limits_.failures);
  if (!in.ok()) return false;
  key_ = key;
  addresses_ = std::move(addresses);
  pairs_ = std::move(pairs);
  return true;
}

/// The newest `most` times of each.
throttle::table throttle::restored(parley::state_reader& in, std::uint64_t saved_ms, const table& like,
                                   std::size_t most) {
  table out(like.capacity());
  for (auto left = in.get<std::uint32_t>(); left > 0 && in.ok(); --left) {
    const auto key = in.get<std::uint64_t>();
    times seen;
    for (auto count = in.get<std::uint16_t>(); count > 0 && in.ok(); --count) {
      seen.push_back(saved_ms - in.get<std::uint32_t>());
    }
    if (!in.ok()) break;
    if (seen.size() > most) seen.erase(seen.begin(), seen.end() - static_cast<std::ptrdiff_t>(most));
    if (!seen.empty()) out.add_oldest(key, std::move(seen));
  }
  return out;
}

}  // namespace login
