// What one HTTP connection may cost, and how long it may take.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace parley::host {

struct http_limits {
  std::size_t max_header = 8 << 10;  // bytes of request line and headers; of trailers likewise
  std::uint32_t max_headers = 64;
  std::uint32_t max_uploads = 64;      // bodies that are staged at once
  std::uint64_t max_staged = 1 << 30;  // bytes of them
  std::uint32_t max_uploads_per_address = 16;
  std::uint64_t max_staged_per_address = 256 << 20;
  std::uint64_t min_free = 0;             // left on the disk of uploads; 0 = 1 GiB, or 5 % of it where that is less
  std::uint64_t min_transfer = 16 << 10;  // bytes that have to move within a transfer timeout, in or out
};

/// The deadlines that are no manifest keys.
struct http_timing {
  std::chrono::milliseconds answer{30000};  // a handler's; 504 afterwards
  std::chrono::milliseconds linger{5000};   // after the last response; again while a refused client sends
};

}  // namespace parley::host
