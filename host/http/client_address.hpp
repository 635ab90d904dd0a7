// Whom a connection comes from: as handlers and logs see it, and as the limit per address counts it.
#pragma once

#include <sys/socket.h>

#include <string>

namespace parley::host {

struct client_address {
  std::string text;   // without port; an IPv4 client of an IPv6 socket reads as IPv4
  std::string group;  // the IPv4 address, or the /64 of an IPv6 one: one household
};

client_address client_address_of(const sockaddr_storage& from);

}  // namespace parley::host
