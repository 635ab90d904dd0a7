#include "support/webhook_receiver.hpp"

#include <arpa/inet.h>
#include <openssl/hmac.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>

#include "support/failure.hpp"
#include "support/socket.hpp"

namespace parley::test {
namespace {

/// Nothing until the head and as many bytes as it announces are there.
bool parse(const std::string& bytes, webhook_request& out) {
  const auto end = bytes.find("\r\n\r\n");
  if (end == std::string::npos) return false;
  std::size_t at = bytes.find("\r\n");
  const auto first = bytes.substr(0, at);
  out.method = first.substr(0, first.find(' '));
  out.path = first.substr(out.method.size() + 1, first.rfind(' ') - out.method.size() - 1);
  while (at < end) {
    const auto from = at + 2;
    at = bytes.find("\r\n", from);
    const auto line = bytes.substr(from, at - from);
    const auto colon = line.find(':');
    std::string name = line.substr(0, colon);
    std::transform(name.begin(), name.end(), name.begin(), [](unsigned char c) { return std::tolower(c); });
    out.headers[name] = line.substr(std::min(line.size(), line.find_first_not_of(' ', colon + 1)));
  }
  const auto size = std::stoul("0" + out.header("content-length"));
  if (bytes.size() < end + 4 + size) return false;
  out.body = bytes.substr(end + 4, size);
  return true;
}

}  // namespace

bool webhook_request::signed_with(const std::string& secret) const {
  const auto text = header("x-parley-timestamp") + "." + body;
  unsigned char sum[EVP_MAX_MD_SIZE];
  unsigned size = 0;
  HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()),
       reinterpret_cast<const unsigned char*>(text.data()), text.size(), sum, &size);
  std::string wanted = "sha256=";
  for (unsigned i = 0; i < size; ++i) {
    char two[3];
    std::snprintf(two, sizeof two, "%02x", sum[i]);
    wanted += two;
  }
  return header("x-parley-signature") == wanted;
}

webhook_receiver::webhook_receiver(answerer answer) : answer_(std::move(answer)) {
  listening_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* raw = reinterpret_cast<sockaddr*>(&address);
  if (bind(listening_, raw, size) != 0 || listen(listening_, 16) != 0 || getsockname(listening_, raw, &size) != 0) {
    throw failure("no port for a receiver of webhooks");
  }
  port_ = ntohs(address.sin_port);
  thread_ = std::thread([this] { serve(); });
}

webhook_receiver::~webhook_receiver() {
  stopping_ = true;
  thread_.join();
  close(listening_);
}

std::vector<webhook_request> webhook_receiver::requests() const {
  const std::lock_guard lock(mutex_);
  return requests_;
}

void webhook_receiver::serve() {
  while (!stopping_) {
    pollfd waiting{listening_, POLLIN, 0};
    if (poll(&waiting, 1, 20) != 1) continue;
    const int fd = accept4(listening_, nullptr, nullptr, SOCK_CLOEXEC);
    if (fd >= 0) answer(fd);
  }
}

void webhook_receiver::answer(int fd) {
  stream_socket client(fd);
  const auto deadline = steady::now() + patience(milliseconds(5000));
  std::string bytes;
  webhook_request request;
  while (!parse(bytes, request)) {
    if (client.read_some(bytes, deadline) != stream_socket::read_result::data) return;
  }
  std::size_t number = 0;
  {
    const std::lock_guard lock(mutex_);
    number = requests_.size();
    requests_.push_back(request);
  }
  const auto reply = answer_(number, request);
  if (reply.hang) return;
  client.write_all("HTTP/1.1 " + std::to_string(reply.code) + " Word\r\nConnection: close\r\n" + reply.headers +
                       "Content-Length: " + std::to_string(reply.body.size()) + "\r\n\r\n" + reply.body,
                   deadline);
}

}  // namespace parley::test
