// What the registry says about a node.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "host/cluster/identity.hpp"

namespace parley::host {

/// Where clients reach a node.
struct client_endpoint {
  std::string address;
  std::uint16_t port = 0;
  std::uint32_t sessions = 0;
  std::uint32_t capacity = 0;
  bool tls = false;
};

struct fellow_facts {
  node_identity who;
  std::string version, abi, state;  // state: starting, ready, draining
  std::string link_address;
  std::uint16_t link_port = 0;  // 0: it does not listen yet
  std::uint64_t sessions = 0;
  std::vector<client_endpoint> clients;
  struct plugin {
    std::string name, version;
    std::vector<std::uint16_t> commands;
  };
  std::vector<plugin> plugins;
};

/// JSON both ways; the value of parley:node:<name>. Numbers of 64 bits are decimal texts. Nothing when it is not one.
std::string to_json(const fellow_facts& facts);
std::optional<fellow_facts> fellow_from_json(std::string_view text);

}  // namespace parley::host
