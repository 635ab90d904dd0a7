#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>
#include <functional>
#include <thread>

#include "client/endpoint.hpp"
#include "client/framer.hpp"

namespace parley::client {

/// A server for one client, or several one after the other, on a thread of its own: every PDU received is handed to
/// `answer`, and what that returns is sent back as it is. An empty answer sends nothing; close_now ends the connection.
class scripted_server {
 public:
  static inline const std::string close_now = "close";

  explicit scripted_server(std::function<std::string(const pdu&)> answer, int clients = 1)
      : answer_(std::move(answer)), clients_(clients) {
    listener_ = socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    bind(listener_, reinterpret_cast<sockaddr*>(&at), sizeof at);
    socklen_t size = sizeof at;
    getsockname(listener_, reinterpret_cast<sockaddr*>(&at), &size);
    where_.port = ntohs(at.sin_port);
    listen(listener_, 1);
    thread_ = std::thread([this] {
      while (clients_-- > 0) serve();
    });
  }

  ~scripted_server() {
    shutdown(listener_, SHUT_RDWR);
    thread_.join();
    close(listener_);
  }

  const endpoint& where() const { return where_; }

 private:
  void serve() {
    const int peer = accept(listener_, nullptr, nullptr);
    if (peer < 0) return;
    framer cutter;
    char buffer[4096];
    for (ssize_t size = 0; (size = read(peer, buffer, sizeof buffer)) > 0;) {
      const auto outcome = cutter.feed({buffer, static_cast<std::size_t>(size)}, [&](const pdu& next) {
        const std::string out = answer_(next);
        if (out == close_now) return false;
        return out.empty() || send(peer, out.data(), out.size(), MSG_NOSIGNAL) > 0;
      });
      if (outcome != framer::outcome::more) break;
    }
    close(peer);
  }

  std::function<std::string(const pdu&)> answer_;
  endpoint where_;
  int clients_;
  int listener_;
  std::thread thread_;
};

}  // namespace parley::client
