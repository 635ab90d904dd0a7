// HTTP requests of a test, over TCP to the node's own listener: one connection each.
#include <netinet/in.h>
#include <strings.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>

#include "tools/testing/world.hpp"

namespace parley::testing {

namespace {

const std::string* header_named(const http_headers& headers, const char* name) {
  const auto found = std::find_if(headers.begin(), headers.end(),
                                  [&](const auto& h) { return strcasecmp(h.first.c_str(), name) == 0; });
  return found == headers.end() ? nullptr : &found->second;
}

void connect_to_port(byte_stream& s, std::uint16_t port) {
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(port);
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  s.fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (s.fd < 0 || ::connect(s.fd, reinterpret_cast<const sockaddr*>(&to), sizeof to) != 0)
    throw failure("cannot connect to the HTTP listener: " + std::string(std::strerror(errno)));
}

std::string request_bytes(std::string_view method, std::string_view path, const http_headers& headers,
                          std::string_view body) {
  std::string out = std::string(method) + " " + std::string(path) + " HTTP/1.1\r\n";
  for (const auto& [name, value] : headers) out += name + ": " + value + "\r\n";
  if (!header_named(headers, "host")) out += "Host: 127.0.0.1\r\n";
  if (!header_named(headers, "content-length") && !header_named(headers, "transfer-encoding"))
    out += "Content-Length: " + std::to_string(body.size()) + "\r\n";
  return out + "Connection: close\r\n\r\n" + std::string(body);
}

/// What the host sent until it closed.
http_answer read_answer(std::string_view bytes, bool has_body) {
  const auto broken = [&] { return failure("the host's HTTP answer is not whole: " + std::string(bytes)); };
  const auto head_end = bytes.find("\r\n\r\n");
  constexpr std::string_view version = "HTTP/1.1 ";
  if (head_end == std::string_view::npos || !bytes.starts_with(version)) throw broken();
  http_answer out;
  std::string_view head = bytes.substr(0, head_end + 2);
  std::from_chars(head.data() + version.size(), head.data() + head.size(), out.code);
  head.remove_prefix(head.find("\r\n") + 2);
  while (!head.empty()) {
    const auto line = head.substr(0, head.find("\r\n"));
    head.remove_prefix(line.size() + 2);
    const auto colon = line.find(": ");
    if (colon == std::string_view::npos) throw broken();
    out.headers.emplace_back(line.substr(0, colon), line.substr(colon + 2));
  }
  out.body = bytes.substr(head_end + 4);
  const auto* length = header_named(out.headers, "content-length");
  if (length && *length != std::to_string(out.body.size()) && has_body) throw broken();
  return out;
}

}  // namespace

std::string http_answer::header(const std::string& name) const {
  const auto* found = header_named(headers, name.c_str());
  return found ? *found : std::string();
}

http_answer world::request(std::string_view method, std::string_view path, const http_headers& headers,
                           std::string_view body, std::uint64_t patience_ms) {
  byte_stream s;
  settle();
  connect_to_port(s, node_->http_servers().front()->port());
  s.to_send = request_bytes(method, path, headers, body);
  const auto before = services().http.in_flight();  // whose patience ended
  converse(
      s, [&] { return s.closed; }, [&] { return services().http.in_flight() > before; }, patience_ms,
      std::string(method) + " " + std::string(path));
  return read_answer(s.unread, method != "HEAD");
}

http_answer core::get(std::string_view path) {
  return request("GET", path);
}

http_answer core::request(std::string_view method, std::string_view path, const http_headers& headers,
                          std::string_view body, std::chrono::milliseconds patience) {
  return world_->request(method, path, headers, body, static_cast<std::uint64_t>(patience.count()));
}

}  // namespace parley::testing
