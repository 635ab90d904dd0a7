#include "support/http_client.hpp"

#include <cstdlib>
#include <sstream>

#include "support/socket.hpp"

namespace parley::test {

http_response http_raw(std::uint16_t port, const std::string& request, milliseconds time) {
  return http_over(stream_socket::tcp(port), request, time);
}

http_response http_over(stream_socket socket, const std::string& request, milliseconds time) {
  const auto deadline = steady::now() + patience(time);
  socket.write_all(request, deadline);
  std::string all;
  while (socket.read_some(all, deadline) == stream_socket::read_result::data) {
  }
  http_response out;
  if (all.rfind("HTTP/1.", 0) != 0) return out;
  out.status = std::atoi(all.c_str() + 9);
  const auto end = all.find("\r\n\r\n");
  out.head = all.substr(0, end);
  if (end != std::string::npos) out.body = all.substr(end + 4);
  return out;
}

http_response http_get(std::uint16_t port, const std::string& path, milliseconds time) {
  return http_raw(port, "GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", time);
}

double metric(const std::string& text, const std::string& series) {
  std::istringstream lines(text);
  std::string line;
  double sum = 0;
  bool found = false;
  while (std::getline(lines, line)) {
    if (line.rfind(series, 0) != 0) continue;
    const char next = line.size() > series.size() ? line[series.size()] : '\0';
    if (next != ' ' && next != '{') continue;
    sum += std::strtod(line.c_str() + line.rfind(' '), nullptr);
    found = true;
  }
  if (!found) throw failure("no metric " + series);
  return sum;
}

}  // namespace parley::test
