#include "address_rule.hpp"

#include <arpa/inet.h>

#include <array>
#include <charconv>
#include <optional>
#include <string>

namespace http_admin {
namespace {

struct network {
  std::array<unsigned char, 16> bytes{};
  unsigned bits = 0;   // of the address that have to be the same
  unsigned width = 0;  // 32 or 128
};

std::optional<network> network_of(std::string_view text) {
  const auto slash = text.find('/');
  const std::string address(text.substr(0, slash));
  network out;
  if (inet_pton(AF_INET, address.c_str(), out.bytes.data()) == 1) {
    out.width = 32;
  } else if (inet_pton(AF_INET6, address.c_str(), out.bytes.data()) == 1) {
    out.width = 128;
  } else {
    return std::nullopt;
  }
  out.bits = out.width;
  if (slash == text.npos) return out;
  const auto* begin = text.data() + slash + 1;
  const auto* end = text.data() + text.size();
  const auto [at, fault] = std::from_chars(begin, end, out.bits);
  if (fault != std::errc() || at != end || out.bits > out.width) return std::nullopt;
  return out;
}

bool belongs(const network& one, const network& to) {
  if (one.width != to.width) return false;
  for (unsigned bit = 0; bit < to.bits; bit += 8) {
    const auto left = to.bits - bit;
    const auto mask = static_cast<unsigned char>(left >= 8 ? 0xFF : 0xFF << (8 - left));
    if ((one.bytes[bit / 8] ^ to.bytes[bit / 8]) & mask) return false;
  }
  return true;
}

}  // namespace

bool is_network(std::string_view text) {
  return network_of(text).has_value();
}

bool are_networks(std::string_view list) {
  return !any_item(list, [](std::string_view item) { return !is_network(item); });
}

bool admits(std::string_view list, std::string_view address) {
  if (list.empty()) return true;
  const auto who = network_of(address);
  return who && any_item(list, [&](std::string_view item) {
           const auto to = network_of(item);
           return to && belongs(*who, *to);
         });
}

}  // namespace http_admin
