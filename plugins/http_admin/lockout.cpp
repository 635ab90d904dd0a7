#include "lockout.hpp"

#include <parley/state_bytes.hpp>

#include <arpa/inet.h>

#include <algorithm>

namespace http_admin {
namespace {

constexpr std::size_t most_name = 64;  // longer ones are nobody's, and count as one

/// What one customer has: an IPv4 address, or an IPv6 network of 64 bits.
std::string customer_of(std::string_view address) {
  const std::string text(address.substr(0, address.find('%')));
  in6_addr six{};
  if (inet_pton(AF_INET6, text.c_str(), &six) != 1) return text.substr(0, INET6_ADDRSTRLEN);
  std::fill(six.s6_addr + 8, six.s6_addr + 16, IN6_IS_ADDR_V4MAPPED(&six) ? 1 : 0);
  char out[INET6_ADDRSTRLEN];
  return IN6_IS_ADDR_V4MAPPED(&six) ? text : inet_ntop(AF_INET6, &six, out, sizeof out);
}

std::string pair_of(std::string_view name, const std::string& network) {
  return std::string(name.substr(0, most_name)) + '\n' + network;
}

}  // namespace

lockout::entry& lockout::of(indexed& all, const std::string& key) {
  if (const auto found = all.by_key.find(key); found != all.by_key.end()) {
    all.entries.splice(all.entries.begin(), all.entries, found->second);
    return all.entries.front();
  }
  if (all.entries.size() >= limits_.most) drop(all, std::string(all.entries.back().key));
  all.entries.push_front({key, {}});
  all.by_key.emplace(key, all.entries.begin());
  return all.entries.front();
}

void lockout::drop(indexed& all, const std::string& key) {
  const auto found = all.by_key.find(key);
  if (found == all.by_key.end()) return;
  all.entries.erase(found->second);
  all.by_key.erase(found);
}

std::uint64_t lockout::wait(entry& e, std::size_t most, std::uint64_t now_ms) const {
  while (!e.at.empty() && now_ms - e.at.front() >= limits_.window_ms) e.at.pop_front();
  return e.at.size() < most ? 0 : e.at.front() + limits_.window_ms - now_ms;
}

std::uint64_t lockout::begin(std::string_view name, std::string_view address, std::uint64_t now_ms) {
  const auto network = customer_of(address);
  auto& from = of(addresses_, network);
  if (const auto wait_ms = wait(from, 10 * limits_.failures, now_ms)) return wait_ms;
  auto& pair = of(pairs_, pair_of(name, network));
  if (const auto wait_ms = wait(pair, limits_.failures, now_ms)) return wait_ms;
  pair.at.push_back(now_ms);
  from.at.push_back(now_ms);
  return 0;
}

void lockout::succeeded(std::string_view name, std::string_view address) {
  const auto network = customer_of(address);
  drop(pairs_, pair_of(name, network));
  const auto from = addresses_.by_key.find(network);
  if (from != addresses_.by_key.end() && !from->second->at.empty()) from->second->at.pop_back();
}

void lockout::take_back(std::string_view name, std::string_view address) {
  const auto network = customer_of(address);
  const auto forget = [](indexed& all, const std::string& key) {
    const auto found = all.by_key.find(key);
    if (found != all.by_key.end() && !found->second->at.empty()) found->second->at.pop_back();
  };
  forget(pairs_, pair_of(name, network));
  forget(addresses_, network);
}

bool lockout::locked(std::string_view name, std::uint64_t now_ms) const {
  const auto prefix = pair_of(name, {});
  for (auto at = pairs_.by_key.lower_bound(prefix); at != pairs_.by_key.end() && at->first.starts_with(prefix); ++at) {
    const auto& times = at->second->at;
    if (static_cast<std::size_t>(std::count_if(
            times.begin(), times.end(), [&](auto t) { return now_ms - t < limits_.window_ms; })) >= limits_.failures)
      return true;
  }
  return false;
}

bool lockout::unlock(std::string_view name) {
  const auto prefix = pair_of(name, {});
  bool any = false;
  for (auto at = pairs_.by_key.lower_bound(prefix); at != pairs_.by_key.end() && at->first.starts_with(prefix);) {
    pairs_.entries.erase(at->second);
    at = pairs_.by_key.erase(at);
    any = true;
  }
  return any;
}

// Two tables: a count; of each entry its key, a count of times and these. What was tried longest ago first.
std::string lockout::save() const {
  std::string out;
  for (const auto* all : {&pairs_, &addresses_}) {
    parley::put(out, static_cast<std::uint32_t>(all->entries.size()));
    for (auto e = all->entries.rbegin(); e != all->entries.rend(); ++e) {
      parley::put_text(out, e->key);
      parley::put(out, static_cast<std::uint32_t>(e->at.size()));
      for (const auto at : e->at) parley::put(out, at);
    }
  }
  return out;
}

bool lockout::restore(std::string_view state) {
  lockout read(limits_);
  parley::state_reader in(state);
  for (auto* all : {&read.pairs_, &read.addresses_}) {
    const auto most = (all == &read.pairs_ ? 1 : 10) * limits_.failures;
    for (auto left = in.get<std::uint32_t>(); left > 0 && in.ok(); --left) {
      auto& e = read.of(*all, std::string(in.text()));
      for (auto count = in.get<std::uint32_t>(); count > 0 && in.ok(); --count) {
        e.at.push_back(in.get<std::uint64_t>());
        if (e.at.size() > most) e.at.pop_front();
      }
    }
  }
  if (!in.done()) return false;
  pairs_ = std::move(read.pairs_);
  addresses_ = std::move(read.addresses_);
  return true;
}

}  // namespace http_admin
