// What one HTTP connection may cost, and how long it may take.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace parley::host {

struct http_limits {
  std::size_t max_header = 8 << 10;  // bytes of request line and headers; of trailers likewise
  std::uint32_t max_headers = 64;
};

/// The deadlines that are no manifest keys.
struct http_timing {
  std::chrono::milliseconds answer{30000};  // a handler's; 504 afterwards
  std::chrono::milliseconds stall{30000};   // the client takes no byte of a response
  std::chrono::milliseconds linger{5000};   // after the last response, for the client to read it and close
};

}  // namespace parley::host
