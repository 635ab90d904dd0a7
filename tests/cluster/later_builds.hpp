// Stands in a link and makes each end take the other for a later build: every record has fields that it does not know
// yet, and between them are records that it has never heard of.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <cstdint>
#include <string>
#include <thread>

#include "support/failure.hpp"
#include "support/wire_client.hpp"

namespace parley::test {

class later_builds {
 public:
  /// Who connects to `listens`:port speaks with `serves`:port.
  later_builds(const std::string& listens, const std::string& serves, std::uint16_t port)
      : to_(at(serves, port)), listening_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    const int on = 1;
    setsockopt(listening_, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    const auto address = at(listens, port);
    if (bind(listening_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
        listen(listening_, 4) != 0) {
      throw failure("nobody can listen on " + listens + ":" + std::to_string(port));
    }
    thread_ = std::thread([this] { serve(); });
  }
  ~later_builds() {
    stopping_ = true;
    thread_.join();
    close(listening_);
  }
  later_builds(const later_builds&) = delete;

  /// Records that were changed.
  std::size_t changed() const { return changed_; }

 private:
  static constexpr std::uint16_t first_after_handshake = 16, unheard_of = 999;
  static constexpr std::size_t command_at = 10;

  static sockaddr_in at(const std::string& host, std::uint16_t port) {
    sockaddr_in out{};
    out.sin_family = AF_INET;
    out.sin_port = htons(port);
    inet_pton(AF_INET, host.c_str(), &out.sin_addr);
    return out;
  }
  static std::uint32_t number(const std::string& bytes, std::size_t at, std::size_t size) {
    std::uint32_t out = 0;
    for (std::size_t i = 0; i < size; ++i) out = out << 8 | static_cast<unsigned char>(bytes[at + i]);
    return out;
  }

  /// One connection after the other.
  void serve() {
    while (!stopping_) {
      pollfd waiting{listening_, POLLIN, 0};
      if (poll(&waiting, 1, 20) != 1) continue;
      const int ends[] = {accept4(listening_, nullptr, nullptr, SOCK_CLOEXEC),
                          socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
      if (connect(ends[1], reinterpret_cast<const sockaddr*>(&to_), sizeof to_) == 0) join(ends);
      for (const int end : ends) close(end);
    }
  }
  void join(const int (&ends)[2]) {
    std::string unread[2];
    for (bool open = true; open && !stopping_;) {
      pollfd both[] = {{ends[0], POLLIN, 0}, {ends[1], POLLIN, 0}};
      if (poll(both, 2, 20) < 1) continue;
      for (std::size_t from = 0; from < 2 && open; ++from) {
        if (both[from].revents) open = pass(ends[from], ends[1 - from], unread[from]);
      }
    }
  }
  bool pass(int from, int to, std::string& unread) {
    char buffer[65536];
    const auto got = recv(from, buffer, sizeof buffer, 0);
    if (got <= 0) return false;
    unread.append(buffer, static_cast<std::size_t>(got));
    std::string out;
    while (unread.size() >= header_size && unread.size() >= number(unread, 0, 4)) {
      const auto size = number(unread, 0, 4);
      const auto record = static_cast<std::uint16_t>(number(unread, command_at, 2));
      auto body = unread.substr(header_size, size - header_size);
      if (record >= first_after_handshake) {
        // A list of changes goes on to its end: there each is a text, and a later one is of a kind of its own.
        body += record == 19 ? std::string("\x02\x09\x01") : std::string("\x7f\x03new");
        ++changed_;
        out += encode_pdu(unheard_of, 0, "whatever");
      }
      out += encode_pdu(record, 0, body);
      unread.erase(0, size);
    }
    return out.empty() || send(to, out.data(), out.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(out.size());
  }

  const sockaddr_in to_;
  const int listening_;
  std::atomic<bool> stopping_{false};
  std::atomic<std::size_t> changed_{0};
  std::thread thread_;
};

}  // namespace parley::test
