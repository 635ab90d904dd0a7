// One value's text to a number with its unit. Each error reads "expected ..., found ...: how to write it".
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "parley/status.hpp"

namespace parley::host {

/// Inclusive bounds.
struct bounds {
  std::int64_t min = 0;
  std::int64_t max = INT64_MAX;
};

/// Decimal, or hexadecimal behind 0x.
result<std::int64_t> parse_integer(std::string_view text, bounds allowed);

/// "250ms", "15s", "2m", "1h", "7d" to milliseconds, which the bounds count too. A bare number is refused.
result<std::int64_t> parse_duration(std::string_view text, bounds allowed);

/// "512B", "4KiB", "1MiB", "2GiB" to bytes. A bare number is refused.
result<std::int64_t> parse_size(std::string_view text, bounds allowed);

/// true, on, yes / false, off, no
result<bool> parse_boolean(std::string_view text);

result<std::string> parse_choice(std::string_view text, const std::vector<std::string>& choices);

/// A PDU command id: "0x0301", or decimal; not 0.
result<std::uint16_t> parse_command(std::string_view text);

/// "0x0100-0x01FF", or one id; inclusive.
result<std::pair<std::uint16_t, std::uint16_t>> parse_command_range(std::string_view text);

}  // namespace parley::host
