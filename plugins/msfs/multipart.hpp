// The file in a multipart/form-data body, found without reading the body into memory.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "byte_source.hpp"
#include "faults.hpp"

namespace msfs {

inline constexpr std::size_t longest_boundary = 200;  // RFC 2046 says 70
inline constexpr std::size_t longest_part_head = 8 << 10;
inline constexpr int most_parts = 32;  // before the one with the file

/// Of a request's Content-Type. Empty: there is none that could be used.
std::string boundary_of(std::string_view content_type);

/// The first part that has a file name.
struct file_part {
  fault why = fault::none;  // 2, 3, 5, 6, 7 or 8: there is none
  std::string name;         // as the client wrote it
  std::uint64_t begin = 0;
  std::uint64_t size = 0;
};

/// Throws what the source throws. `boundary` is boundary_of()'s, not empty.
file_part find_file(byte_source& body, std::string_view boundary);

}  // namespace msfs
