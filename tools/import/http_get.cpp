#include "import/http_get.hpp"

#include <netdb.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <chrono>
#include <cstring>
#include <memory>

namespace parley::teamtalk {
namespace {

constexpr int silence_s = 10;
constexpr std::chrono::seconds whole_time{60};
constexpr std::size_t longest_head = 16 << 10;

struct descriptor {
  int fd = -1;
  ~descriptor() {
    if (fd >= 0) close(fd);
  }
};

bool connect_to(const std::string& host, const std::string& port, descriptor& to, std::string& why) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* list = nullptr;
  if (const int failed = getaddrinfo(host.c_str(), port.c_str(), &hints, &list); failed != 0) {
    why = std::string("no such host: ") + gai_strerror(failed);
    return false;
  }
  const std::unique_ptr<addrinfo, void (*)(addrinfo*)> owned(list, freeaddrinfo);
  for (const auto* one = list; one; one = one->ai_next) {
    descriptor made{socket(one->ai_family, one->ai_socktype | SOCK_CLOEXEC, one->ai_protocol)};
    const timeval limit{silence_s, 0};
    setsockopt(made.fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    setsockopt(made.fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
    if (connect(made.fd, one->ai_addr, one->ai_addrlen) == 0) {
      std::swap(to.fd, made.fd);
      return true;
    }
    why = std::strerror(errno);
  }
  return false;
}

bool same_word(std::string_view text, std::string_view lower) {
  if (text.size() != lower.size()) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if ((text[i] | 0x20) != lower[i] && text[i] != lower[i]) return false;
  }
  return true;
}

/// -1: it does not say.
long long content_length(std::string_view head) {
  for (std::size_t at = head.find("\r\n"); at != head.npos; at = head.find("\r\n", at + 2)) {
    auto line = head.substr(at + 2, head.find("\r\n", at + 2) - at - 2);
    const auto colon = line.find(':');
    if (colon == line.npos || !same_word(line.substr(0, colon), "content-length")) continue;
    line.remove_prefix(colon + 1);
    line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size()));
    long long size = -1;
    std::from_chars(line.data(), line.data() + line.size(), size);
    return size;
  }
  return -1;
}

http_answer failed(std::string why) {
  return {0, false, {}, std::move(why)};
}

}  // namespace

http_answer http_get(const std::string& host, const std::string& port, const std::string& path, std::size_t most) {
  descriptor to;
  std::string why;
  if (!connect_to(host, port, to, why)) return failed(why);
  const auto request = "GET " + path + " HTTP/1.0\r\nHost: " + host + "\r\nConnection: close\r\n\r\n";
  if (send(to.fd, request.data(), request.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(request.size())) {
    return failed(std::strerror(errno));
  }
  const auto until = std::chrono::steady_clock::now() + whole_time;
  std::string all;
  for (std::size_t body = std::string::npos;;) {
    if (body == std::string::npos) {
      const auto end = all.find("\r\n\r\n");
      if (end != std::string::npos) body = end + 4;
      if (end == std::string::npos && all.size() > longest_head) return failed("its answer has no end of headers");
    }
    if (body != std::string::npos && all.size() > body) {
      if (all.size() - body > most) return {0, true, {}, {}};
      // A server that keeps the connection open all the same.
      const auto length = content_length(std::string_view(all).substr(0, body));
      if (length >= 0 && all.size() - body >= static_cast<std::size_t>(length)) break;
    }
    char buffer[65536];
    const auto count = recv(to.fd, buffer, sizeof buffer, 0);
    if (count == 0) break;
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return failed(errno == EAGAIN ? "no answer within 10 s" : std::strerror(errno));
    if (std::chrono::steady_clock::now() > until) return failed("no whole answer within a minute");
    all.append(buffer, static_cast<std::size_t>(count));
  }
  const auto end = all.find("\r\n\r\n");
  if (all.rfind("HTTP/1.", 0) != 0 || end == std::string::npos || all.size() < 12) return failed("no HTTP answer");
  http_answer answer;
  std::from_chars(all.data() + 9, all.data() + 12, answer.status);
  const auto length = content_length(std::string_view(all).substr(0, end + 2));
  answer.body = all.substr(end + 4);
  if (length >= 0 && answer.body.size() < static_cast<std::size_t>(length)) return failed("its answer was cut short");
  if (length >= 0) answer.body.resize(static_cast<std::size_t>(length));
  return answer;
}

}  // namespace parley::teamtalk
