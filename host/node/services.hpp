// The parts every node has, by which the rest finds each other.
#pragma once

#include <string>

#include "host/base/metrics.hpp"
#include "host/dispatch/dispatcher.hpp"
#include "host/dispatch/events.hpp"
#include "host/dispatch/timers.hpp"
#include "host/http/http_service.hpp"
#include "host/net/loop.hpp"
#include "host/net/session_table.hpp"
#include "parley/abi/node.h"

namespace parley::host {

class cluster;
class control_server;

/// What parley.node/1 asks of the node.
struct directory_of_nodes {
  virtual ~directory_of_nodes() = default;
  virtual status least_loaded(std::string_view peer, parley_endpoint& out) = 0;
  virtual status own_endpoint(std::string_view peer, parley_endpoint& out) = 0;
};

/// Built in this order, torn down in reverse. [loop]
struct node_services {
  /// With virtual_unix_ms its clock is virtual (loop.hpp).
  node_services(std::string name, std::uint16_t refused_command, std::optional<std::uint64_t> virtual_unix_ms = {})
      : node_name(std::move(name)), loop(virtual_unix_ms), dispatch(*this, refused_command) {}

  std::string node_name;
  std::string data_directory;  // empty: nothing is kept
  host::loop loop;
  host::metrics metrics;
  host::timers timers{loop};
  host::event_bus events{loop};
  host::dispatcher dispatch;
  host::session_table sessions{loop, dispatch};
  host::http_service http{loop};

  // Set by the node while it builds; null before.
  control_server* control = nullptr;
  directory_of_nodes* nodes = nullptr;
  host::cluster* cluster = nullptr;  // stays null where there are no fellows
};

}  // namespace parley::host
