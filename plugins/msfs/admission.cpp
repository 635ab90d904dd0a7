#include "admission.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <cstring>

namespace msfs {

openness openness_of(std::string_view word) {
  return word == "on" ? openness::on : word == "loopback" ? openness::loopback : openness::off;
}

bool is_loopback(std::string_view address) {
  if (address.starts_with("::ffff:")) address.remove_prefix(7);
  in_addr v4{};
  const bool is_v4 = inet_pton(AF_INET, std::string(address).c_str(), &v4) == 1;
  return is_v4 ? ntohl(v4.s_addr) >> 24 == 127 : address == "::1";
}

std::string quota_address(std::string_view address) {
  in6_addr v6{};
  if (inet_pton(AF_INET6, std::string(address).c_str(), &v6) != 1) return std::string(address.substr(0, 64));
  if (IN6_IS_ADDR_V4MAPPED(&v6)) return std::string(address.substr(address.rfind(':') + 1));
  std::memset(v6.s6_addr + 8, 0, 8);
  char text[INET6_ADDRSTRLEN] = "";
  inet_ntop(AF_INET6, &v6, text, sizeof text);
  return std::string(text) + "/64";
}

std::string_view token_of(std::string_view header, std::string_view query) {
  if (!header.empty()) return header;
  constexpr std::string_view key = "token=";
  while (!query.empty()) {
    const auto part = query.substr(0, query.find('&'));
    if (part.starts_with(key)) return part.substr(key.size());
    query.remove_prefix(std::min(part.size() + 1, query.size()));
  }
  return {};
}

std::optional<store::uploader> admit(const token_mint& mint, openness open, std::string_view token,
                                     std::string_view peer, std::uint64_t now_s) {
  if (!token.empty()) {
    const auto user = mint.check(token, now_s);
    return user ? std::optional(store::uploader{*user, {}}) : std::nullopt;
  }
  const bool welcome = open == openness::on || (open == openness::loopback && is_loopback(peer));
  return welcome ? std::optional(store::uploader{0, quota_address(peer)}) : std::nullopt;
}

}  // namespace msfs
