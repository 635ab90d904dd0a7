#include "support/file_server.hpp"

#include <arpa/inet.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "support/failure.hpp"
#include "support/socket.hpp"
#include "support/temp_dir.hpp"

namespace parley::test {

file_server::file_server(std::filesystem::path base) : base_(std::move(base)) {
  listening_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* raw = reinterpret_cast<sockaddr*>(&address);
  if (bind(listening_, raw, size) != 0 || listen(listening_, 16) != 0 || getsockname(listening_, raw, &size) != 0) {
    throw failure("no port for a file server");
  }
  port_ = ntohs(address.sin_port);
  thread_ = std::thread([this] { serve(); });
}

file_server::~file_server() {
  stopping_ = true;
  thread_.join();
  close(listening_);
}

void file_server::serve() {
  while (!stopping_) {
    pollfd waiting{listening_, POLLIN, 0};
    if (poll(&waiting, 1, 20) != 1) continue;
    const int fd = accept4(listening_, nullptr, nullptr, SOCK_CLOEXEC);
    if (fd >= 0) answer(fd);
  }
}

void file_server::answer(int fd) {
  stream_socket client(fd);
  const auto deadline = steady::now() + patience(milliseconds(5000));
  std::string request;
  while (request.find("\r\n\r\n") == std::string::npos) {
    if (client.read_some(request, deadline) != stream_socket::read_result::data) return;
  }
  ++requests_;
  const auto path = request.substr(4, request.find(' ', 4) - 4);
  const auto second = path.find('/', 1);
  const auto file = second == std::string::npos ? base_ : base_ / path.substr(second + 1);
  const bool there = !broken_ && std::filesystem::is_regular_file(file);
  const std::string body = there ? read_file(file) : "nothing";
  client.write_all(std::string("HTTP/1.1 ") +
                       (broken_ ? "500 Error"
                        : there ? "200 OK"
                                : "404 Not Found") +
                       "\r\nConnection:close\r\nContent-Type: multipart/form-data\r\nContent-Length: " +
                       std::to_string(body.size()) + "\r\n\r\n" + body,
                   deadline);
}

}  // namespace parley::test
