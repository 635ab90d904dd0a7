// A listener of kind http: its socket, its connections and their deadlines.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <unordered_map>

#include "host/base/intrusive_list.hpp"
#include "host/config/manifest.hpp"
#include "host/http/acceptor.hpp"
#include "host/http/http_connection.hpp"
#include "host/http/http_limits.hpp"
#include "host/http/http_service.hpp"
#include "host/http/uv_owned.hpp"
#include "host/net/listener.hpp"

namespace parley::host {

/// accepting -> draining -> closed. [loop]
class http_server {
 public:
  /// Idle and request timeouts are the config's.
  http_server(http_service& service, listener_config config, http_timing timing = {});
  http_server(const http_server&) = delete;
  http_server& operator=(const http_server&) = delete;
  /// As close_all(). Connections free themselves when libuv has closed them, at the latest in the loop's destructor.
  ~http_server();

  /// Binds and listens; the error says which address and why.
  result<void> start();
  std::uint16_t port() const { return acceptor_.port(); }
  const listener_config& config() const { return config_; }
  std::size_t connections() const { return connections_; }

  /// Stops accepting, closes idle connections, finishes requests that have begun with `Connection: close`. `done` is
  /// called once, at the end of the turn in which the last connection has gone, be it by close_all().
  void drain(std::function<void()> done);
  /// Stops accepting and closes everything now; exchanges in flight turn stale.
  void close_all();

  /// Whether somebody waits for an answer or is being sent one, or sends a body that was let in.
  bool busy() const;
  /// Everything but what a listener is from its start on. What is under way gets its deadline anew.
  void set_limits(const listener_config& config);
  /// Who it is in TLS, from the next connection on; null without TLS.
  void set_identity(std::shared_ptr<const tls::server_identity> who) { identity_ = std::move(who); }
  const std::shared_ptr<const tls::server_identity>& identity() const { return identity_; }

  /// Where connections go that ask for WebSocket; outlives them here.
  void set_door(websocket_door* door) { door_ = door; }
  websocket_door* door() { return door_; }

  // For its connections.
  http_service& service() { return service_; }
  const http_limits& limits() const { return limits_; }
  upload_quota& quota() { return quota_; }
  /// Of a connection's address; there as long as the connection is counted.
  upload_quota& quota_of(const client_address& from) { return per_group_[from.group].uploads; }
  bool draining() const { return draining_; }
  /// Puts a connection into the list of its phase and arms that phase's deadline.
  void arm(http_connection& c);
  void forget(http_connection& c);

 private:
  void accept(int descriptor, const sockaddr_storage& from);
  void accept_paused(int error);
  bool has_room(const client_address& from);
  void take_limits();
  void set_timer(std::uint64_t due_ms);
  void expire_due();
  template <class Fn>
  void each(Fn&& fn);

  http_service& service_;
  listener_config config_;
  std::shared_ptr<const tls::server_identity> identity_;
  websocket_door* door_ = nullptr;
  http_limits limits_;
  http_timing timing_;
  upload_quota quota_;
  std::array<std::chrono::milliseconds, timed_http_phases> timeouts_;
  // By phase, each in order of deadline, since all of a phase wait equally long.
  std::array<list_head, timed_http_phases> waiting_;
  acceptor acceptor_;
  uv_owned<uv_timer_t> timer_;
  std::uint64_t timer_due_ms_ = 0;  // 0 = not running
  std::size_t connections_ = 0;
  struct address_group {
    std::uint32_t connections = 0;
    upload_quota uploads;
  };
  std::unordered_map<std::string, address_group> per_group_;
  bool draining_ = false;
  std::function<void()> drained_;
};

}  // namespace parley::host
