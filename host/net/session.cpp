#include "host/net/session.hpp"

#include <arpa/inet.h>

#include <cstring>

namespace parley::host {

std::string peer_address::text() const {
  char buffer[INET6_ADDRSTRLEN] = "";
  inet_ntop(v6 ? AF_INET6 : AF_INET, bytes, buffer, sizeof buffer);
  return buffer;
}

peer_address address_of(const uv_tcp_t& tcp) {
  peer_address out;
  sockaddr_storage storage{};
  int size = sizeof storage;
  if (uv_tcp_getpeername(&tcp, reinterpret_cast<sockaddr*>(&storage), &size) != 0) return out;
  if (storage.ss_family == AF_INET) {
    std::memcpy(out.bytes, &reinterpret_cast<sockaddr_in&>(storage).sin_addr, 4);
  } else if (storage.ss_family == AF_INET6) {
    out.v6 = true;
    std::memcpy(out.bytes, &reinterpret_cast<sockaddr_in6&>(storage).sin6_addr, 16);
  }
  return out;
}

}  // namespace parley::host
