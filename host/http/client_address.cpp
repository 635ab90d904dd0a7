#include "host/http/client_address.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <algorithm>

namespace parley::host {

namespace {

std::string text_of(int family, const void* binary) {
  char buffer[INET6_ADDRSTRLEN] = "";
  inet_ntop(family, binary, buffer, sizeof buffer);
  return buffer;
}

}  // namespace

client_address client_address_of(const sockaddr_storage& from) {
  if (from.ss_family == AF_INET) {
    auto text = text_of(AF_INET, &reinterpret_cast<const sockaddr_in&>(from).sin_addr);
    return {text, text};
  }
  if (from.ss_family != AF_INET6) return {};
  auto address = reinterpret_cast<const sockaddr_in6&>(from).sin6_addr;
  if (IN6_IS_ADDR_V4MAPPED(&address)) {
    auto text = text_of(AF_INET, address.s6_addr + 12);
    return {text, text};
  }
  auto text = text_of(AF_INET6, &address);
  std::fill(address.s6_addr + 8, address.s6_addr + 16, std::uint8_t{0});
  return {std::move(text), text_of(AF_INET6, &address)};
}

}  // namespace parley::host
