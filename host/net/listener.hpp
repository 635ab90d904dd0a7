// A listening socket of kind pdu: accepts into the session table, within its limits.
#pragma once

#include <uv.h>

#include <memory>
#include <string>
#include <unordered_map>

#include "host/config/manifest.hpp"
#include "host/net/loop.hpp"
#include "host/net/session.hpp"
#include "parley/status.hpp"

namespace parley::host {

class session_table;

/// A connection that another listener has accepted, and that has asked for WebSocket.
struct upgraded_socket {
  int descriptor = -1;
  std::unique_ptr<parley::tls::engine> tls;  // null without TLS
  std::string answer;                        // to be sent first
  std::string early;                         // received behind the request
};

/// Where such connections go. [loop]
struct websocket_door {
  virtual ~websocket_door() = default;
  virtual bool has_room() const = 0;
  /// The descriptor is the callee's, whatever happens.
  virtual void take(upgraded_socket from) = 0;
};

/// listening -> suspended (draining) -> closed. [loop]
class listener final : public websocket_door {
 public:
  listener(loop& l, session_table& table, listener_config config);
  listener(const listener&) = delete;
  ~listener() override;

  /// Binds and listens; the error says which address and why.
  result<void> start();
  /// No new connections; those there stay.
  void suspend();
  void close();

  /// Takes a connected stream socket as if it had been accepted here; null when that fails, and `fd` is closed then.
  session* adopt(int fd) { return adopt(fd, new_tls()); }
  bool has_room() const override { return listening_ && !suspended_ && connections_ < config_.max_connections; }
  void take(upgraded_socket from) override;

  const listener_config& config() const { return config_; }
  /// Takes the limits of a configuration with the same name, address and rated commands; they hold from the next PDU.
  void set_limits(listener_config config) { config_ = std::move(config); }
  /// Who it is in TLS, from the next connection on; null without TLS.
  void set_identity(std::shared_ptr<const tls::server_identity> who) { identity_ = std::move(who); }
  const std::shared_ptr<const tls::server_identity>& identity() const { return identity_; }
  std::uint16_t port() const { return port_; }
  std::size_t connections() const { return connections_; }
  std::uint64_t refused() const { return refused_; }

  /// Told by the table when a session of this listener is gone.
  void session_gone(const peer_address& peer);

 private:
  struct address_hash {
    std::size_t operator()(const peer_address& a) const;
  };
  void accept();
  std::unique_ptr<tls::engine> new_tls() const;
  session* adopt(int fd, std::unique_ptr<tls::engine> tls);
  void admit(session& s);

  loop& loop_;
  session_table& table_;
  listener_config config_;
  std::shared_ptr<const tls::server_identity> identity_;
  uv_tcp_t socket_;
  bool listening_ = false;
  bool suspended_ = false;
  std::uint16_t port_ = 0;
  std::size_t connections_ = 0;
  std::uint64_t refused_ = 0;
  std::unordered_map<peer_address, std::uint32_t, address_hash> per_address_;
};

}  // namespace parley::host
