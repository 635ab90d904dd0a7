// What a core is made of: a node of the host on a virtual clock, and the test's ends of its sessions.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "host/node/node.hpp"
#include "parley/testing/core.hpp"

namespace parley::testing {

/// The test's end of a connection to the host.
struct byte_stream {
  int fd = -1;  // owned; -1: none, or closed
  std::string to_send;
  std::string unread;
  bool closed = false;  // by the host

  byte_stream() = default;
  byte_stream(const byte_stream&) = delete;
  ~byte_stream();
  /// Moves bytes both ways without waiting; whether any moved, or the end was found.
  bool move_bytes();
};

/// The test's end of one session.
struct client : byte_stream {
  std::uint64_t id = 0;  // the host's
  std::uint16_t last_seq = 0;
  std::deque<pdu> inbox;
  std::string close_reason;  // once the host has closed it

  /// move_bytes(), and cuts what came into PDUs.
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
  /// Lets `s` talk to the host until `done`. While `held` says that a plugin has the request, virtual time passes, at
  /// most `patience_ms`; else it is a thread or the kernel that is waited for, in real time within options::patience.
  /// `what` is what the failure then says was not answered.
  void converse(byte_stream& s, const std::function<bool()>& done, const std::function<bool()>& held,
                std::uint64_t patience_ms, const std::string& what);
  verb_answer verb(const std::string& name, const std::map<std::string, std::string>& args,
                   std::uint64_t patience_ms);  // control.cpp
  http_answer request(std::string_view method, std::string_view path, const http_headers& headers,
                      std::string_view body, std::uint64_t patience_ms);  // http.cpp
  host::node_services& services() { return node_->services(); }
  const host::node_services& services() const { return node_->services(); }

  options settings;
  std::string data;
  std::deque<client> clients;
  std::vector<event> events;

 private:
  bool pump();
  /// Of the loop's, or of `also` when it is not -1, a descriptor that is read.
  bool something_ready(int wait_ms, int also = -1);
  /// Pins of work that ends without time passing; `list` gets a line each.
  std::size_t working(std::string* list = nullptr);
  host::manifest manifest() const;

  bool own_data_ = false;
  std::uint64_t wall_ms_;
  std::unique_ptr<host::node> node_;
};

}  // namespace parley::testing
