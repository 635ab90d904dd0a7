#pragma once

#include <cstdint>
#include <string>

#include "support/failure.hpp"
#include "support/socket.hpp"

namespace parley::test {

struct http_response {
  int status = 0;    ///< 0: the connection was closed without an answer
  std::string head;  ///< status line and headers
  std::string body;
};

/// One request on a connection of its own.
http_response http_get(std::uint16_t port, const std::string& path, milliseconds time = answer_time);
/// The same over a connection that was made for it.
http_response http_over(stream_socket socket, const std::string& request, milliseconds time = answer_time);
/// Bytes as they are; reads until the server closes or the time is over.
http_response http_raw(std::uint16_t port, const std::string& request, milliseconds time = answer_time);

/// The value of a series in Prometheus text ("name" or "name{label=\"x\"}"); the sum over its labels for a bare name
/// that has some. Throws failure when it is not there.
double metric(const std::string& text, const std::string& series);

}  // namespace parley::test
