// A server on a loopback port and raw clients, all on this thread: no timing, only "until it has happened".
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "host/http/http_server.hpp"
#include "host/http/http_service.hpp"
#include "host/net/loop.hpp"
#include "host/tls/engine.hpp"

namespace parley::host {

class raw_client {
 public:
  /// A small receive buffer makes a slow client out of one that does not read.
  explicit raw_client(std::uint16_t port, int receive_buffer = 0);
  raw_client(const raw_client&) = delete;
  ~raw_client() { close(); }

  void send(std::string_view bytes) { unsent_ += bytes; }
  /// Everything is TLS from here on, before the first send().
  void secure(std::shared_ptr<const tls::client_context> trust);
  void stop_sending();
  void close();
  /// Moves bytes as far as they go now.
  void step();
  void read(bool on) { reading_ = on; }

  bool sent() const { return unsent_.empty() && (!tls_ || tls_->output().empty()); }
  tls::engine& tls_side() { return *tls_; }
  /// The server has said that nothing follows, by TLS.
  bool said_goodbye = false;
  /// The server has closed its side, or the connection.
  bool ended() const { return ended_; }
  bool reset() const { return reset_; }
  std::string received;

 private:
  void receive(std::string_view bytes);

  std::unique_ptr<tls::engine> tls_;
  int socket_;
  bool reading_ = true;
  bool ended_ = false;
  bool reset_ = false;
  std::string unsent_;
};

struct parsed_response {
  unsigned code = 0;
  std::map<std::string, std::string> headers;  // names in lower case
  std::string body;
};

/// Bytes without a pattern, the same ones in each run.
std::string noise(std::size_t size);

class http_test : public testing::Test {
 protected:
  http_test();

  void start(listener_config config, http_timing timing = {});
  void start() { start(listener_config()); }
  void serve(std::vector<route> routes);
  /// A route that answers with the method, the path and the body it got.
  static route echo(http_service& service, std::string method, std::string path, std::size_t max_body = 0,
                    bool prefix = false);
  /// A route that keeps the ids it is given in pending_.
  route later(std::string path);

  raw_client& connect(int receive_buffer = 0);
  /// Turns loop and clients until it holds; fails after many seconds.
  void until(const std::function<bool()>& holds, const char* what);
  /// The next response of a client, taken from what it received.
  parsed_response response(raw_client& c, bool of_head = false);
  /// Sends on a fresh connection and returns the first response.
  parsed_response ask(std::string_view request);
  void until_ended(raw_client& c) {
    until([&] { return c.ended(); }, "the server to close");
  }

  std::vector<parley_exchange_id> pending_;
  std::vector<parley_exchange_id> ended_;
  loop loop_;
  http_service service_{loop_};
  std::shared_ptr<const tls::server_identity> identity_;  // what start() gives the server
  std::unique_ptr<http_server> server_;
  std::vector<std::unique_ptr<raw_client>> clients_;
};

}  // namespace parley::host
