// What a GET or HEAD asks of a file: preconditions and a range (RFC 9110 13 and 14). No I/O.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "host/http/exchange.hpp"

namespace parley::host {

/// Seconds since 1970 of an HTTP date in any of its three forms.
std::optional<std::int64_t> parse_http_date(std::string_view text);

/// The headers that matter, copied: the request may be gone when the file is there.
struct file_conditions {
  std::string if_match;
  std::string if_none_match;
  std::string if_modified_since;
  std::string if_unmodified_since;
  std::string if_range;
  std::string range;

  /// Null when the request has none of them, as most have.
  static std::unique_ptr<const file_conditions> of(std::span<const http_header> headers);
};

struct validators {
  std::string_view etag;  // with quotes
  std::int64_t modified_s = 0;
  std::uint64_t size = 0;
};

/// What to answer: 200, 206 with the part, 304, 412, 416.
struct file_choice {
  unsigned code = 200;
  std::uint64_t from = 0;
  std::uint64_t size = 0;
};

/// In the order of RFC 9110 13.2.2. One range is served; of several, or of one nobody understands, the whole.
file_choice choose(const file_conditions* asked, const validators& file, std::int64_t now_s);

}  // namespace parley::host
