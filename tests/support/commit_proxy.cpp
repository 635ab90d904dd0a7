#include "support/commit_proxy.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <string>

#include "support/failure.hpp"

namespace parley::test {
namespace {

constexpr int look_again_ms = 20;
constexpr std::size_t packet_header = 4;

sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

bool write_all(int to, const char* data, std::size_t size) {
  while (size > 0) {
    const auto done = send(to, data, size, MSG_NOSIGNAL);
    if (done <= 0) return false;
    data += done;
    size -= static_cast<std::size_t>(done);
  }
  return true;
}

bool forward(int from, int to) {
  char buffer[65536];
  const auto got = recv(from, buffer, sizeof buffer, 0);
  return got > 0 && write_all(to, buffer, static_cast<std::size_t>(got));
}

/// The first whole packet of what a client sends; its size, 0 when there is none yet.
std::size_t packet(const std::string& bytes) {
  if (bytes.size() < packet_header) return 0;
  const auto at = [&](std::size_t i) { return static_cast<std::size_t>(static_cast<unsigned char>(bytes[i])); };
  const auto size = packet_header + (at(0) | at(1) << 8 | at(2) << 16);
  return bytes.size() < size ? 0 : size;
}

bool is_commit(const std::string& bytes, std::size_t size) {
  return bytes.compare(packet_header, size - packet_header,
                       "\x03"
                       "COMMIT") == 0;
}

}  // namespace

commit_proxy::commit_proxy(std::uint16_t server_port, const std::string& where) : server_port_(server_port) {
  listening_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  auto address = loopback(0);
  inet_pton(AF_INET, where.c_str(), &address.sin_addr);
  socklen_t size = sizeof address;
  if (bind(listening_, reinterpret_cast<sockaddr*>(&address), size) != 0 || listen(listening_, 64) != 0 ||
      getsockname(listening_, reinterpret_cast<sockaddr*>(&address), &size) != 0) {
    throw failure("the proxy cannot listen");
  }
  port_ = ntohs(address.sin_port);
  acceptor_ = std::thread([this] { accept_all(); });
}

commit_proxy::~commit_proxy() {
  stopping_ = true;
  acceptor_.join();
  for (auto& one : threads_) one.join();
  close(listening_);
}

void commit_proxy::accept_all() {
  while (!stopping_) {
    pollfd waiting{listening_, POLLIN, 0};
    if (poll(&waiting, 1, look_again_ms) != 1) continue;
    const int client = accept4(listening_, nullptr, nullptr, SOCK_CLOEXEC);
    if (client < 0) continue;
    if (closed_) {
      close(client);
      continue;
    }
    threads_.emplace_back([this, client] { serve(client); });
  }
}

commit_proxy::cut commit_proxy::decide() {
  const auto where = where_.load();
  if (where == cut::never) return where;
  const auto left = left_.load();
  if (left == 0) return cut::never;
  if (left > 0) --left_;
  ++cuts_;
  return where;
}

void commit_proxy::serve(int client) {
  const int server = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const auto address = loopback(server_port_);
  bool open = connect(server, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  std::string sent;
  bool drop_answer = false;
  while (open && !stopping_ && !closed_) {
    pollfd both[] = {{client, POLLIN, 0}, {server, POLLIN, 0}};
    if (poll(both, 2, look_again_ms) < 1) continue;
    if (both[1].revents) {
      if (drop_answer) break;
      open = forward(server, client);
    }
    if (!open || !both[0].revents) continue;
    char buffer[65536];
    const auto got = recv(client, buffer, sizeof buffer, 0);
    if (got <= 0) break;
    sent.append(buffer, static_cast<std::size_t>(got));
    for (auto size = packet(sent); open && size > 0; size = packet(sent)) {
      const auto what = is_commit(sent, size) ? decide() : cut::never;
      drop_answer = what == cut::after;
      open = what != cut::before && write_all(server, sent.data(), size) && what != cut::on_its_way;
      sent.erase(0, size);
    }
  }
  close(server);
  close(client);
}

}  // namespace parley::test
