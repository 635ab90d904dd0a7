#include "block_view.hpp"

#include <cstdint>

namespace file {
namespace {

enum wire : std::uint32_t { varint = 0, eight_bytes = 1, counted = 2, four_bytes = 5 };

/// Takes what it reads from the front of `rest`; false behind the end, or where nothing sensible stands.
bool take_varint(std::string_view& rest, std::uint64_t& out) {
  out = 0;
  for (std::size_t i = 0; i < 10 && i < rest.size(); ++i) {
    const auto byte = static_cast<std::uint8_t>(rest[i]);
    out |= std::uint64_t(byte & 0x7F) << (7 * i);
    if (byte & 0x80) continue;
    rest.remove_prefix(i + 1);
    return true;
  }
  return false;
}

bool take_bytes(std::string_view& rest, std::uint64_t size, std::string_view& out) {
  if (size > rest.size()) return false;
  out = rest.substr(0, size);
  rest.remove_prefix(size);
  return true;
}

bool take_value(std::string_view& rest, std::uint32_t type, std::uint64_t& value, std::string_view& bytes) {
  switch (type) {
    case varint:
      return take_varint(rest, value);
    case eight_bytes:
      return take_bytes(rest, 8, bytes);
    case counted:
      return take_varint(rest, value) && take_bytes(rest, value, bytes);
    case four_bytes:
      return take_bytes(rest, 4, bytes);
  }
  return false;
}

}  // namespace

std::optional<block_view> read_block(std::string_view body) {
  block_view out;
  unsigned there = 0;
  while (!body.empty()) {
    std::uint64_t tag = 0, value = 0;
    std::string_view bytes;
    if (!take_varint(body, tag) || tag > UINT32_MAX || tag < 8) return std::nullopt;
    const auto type = static_cast<std::uint32_t>(tag & 7);
    if (!take_value(body, type, value, bytes)) return std::nullopt;
    const auto field = tag >> 3;
    // The last one counts; one of another type than ours is no field of ours.
    if (type == varint && (field == 1 || field == 3 || field == 4)) {
      (field == 1 ? out.result_code : field == 3 ? out.user_id : out.offset) = static_cast<number>(value);
    } else if (type == counted && (field == 2 || field == 5)) {
      (field == 2 ? out.task_id : out.file_data) = bytes;
    } else {
      continue;
    }
    there |= 1u << field;
  }
  constexpr unsigned all = 0b111110;
  if (there != all) return std::nullopt;
  return out;
}

}  // namespace file
