// What a core is made of: a node of the host on a virtual clock, and the test's ends of its sessions.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "host/node/node.hpp"
#include "parley/testing/core.hpp"

namespace parley::testing {

/// The test's end of one session.
struct client {
  int fd = -1;
  std::uint64_t id = 0;  // the host's
  std::uint16_t last_seq = 0;
  std::string to_send;
  std::string unread;
  std::deque<pdu> inbox;
  std::string close_reason;  // once the host has closed it
  bool closed = false;

  ~client();
  /// Moves bytes both ways without waiting; whether any moved.
  bool pump();

 private:
  void cut();
};

struct world {
  explicit world(options o);
  ~world();

  void start();
  void stop();
  client& connect(std::string_view address);
  void settle();
  void advance(std::uint64_t ms);
  host::node_services& services() { return node_->services(); }
  const host::node_services& services() const { return node_->services(); }

  options settings;
  std::string data;
  std::deque<client> clients;
  std::vector<event> events;

 private:
  bool pump();
  bool something_ready(int wait_ms);
  /// Pins of work that ends without time passing; `list` gets a line each.
  std::size_t working(std::string* list = nullptr);
  host::manifest manifest() const;

  bool own_data_ = false;
  std::uint64_t wall_ms_;
  std::unique_ptr<host::node> node_;
};

}  // namespace parley::testing
