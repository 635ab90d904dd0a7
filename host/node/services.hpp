// What the host's parts and the interface tables find each other by. Built once by the node, in order.
#pragma once

#include <string>

#include "host/base/metrics.hpp"
#include "host/dispatch/dispatcher.hpp"
#include "host/dispatch/events.hpp"
#include "host/dispatch/timers.hpp"
#include "host/net/loop.hpp"
#include "host/net/session_table.hpp"
#include "parley/abi/node.h"

namespace parley::host {

class control_server;
class http_server;

/// What parley.node/1 asks of the node.
struct directory_of_nodes {
  virtual ~directory_of_nodes() = default;
  virtual status least_loaded(std::string_view peer, parley_endpoint& out) = 0;
};

struct node_services {
  std::string node_name;
  host::loop& loop;
  host::metrics& metrics;
  host::timers& timers;
  host::session_table& sessions;
  host::dispatcher& dispatch;
  host::event_bus& events;
  http_server* http = nullptr;
  control_server* control = nullptr;
  directory_of_nodes* nodes = nullptr;
};

}  // namespace parley::host
