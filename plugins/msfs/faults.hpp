// Why an upload is not taken, by the numbers clients see.
#pragma once

#include <string_view>

namespace msfs {

/// 1 to 11 are TeamTalk's, the rest are ours.
enum class fault : unsigned {
  none = 0,
  too_large = 1,
  no_disposition = 2,
  no_filename = 3,
  no_boundary = 4,
  boundary_not_found = 5,
  no_content_type = 6,
  no_blank_line = 7,
  no_end = 8,
  long_extension = 9,
  no_extension = 10,
  long_name = 11,
  over_quota = 12,
  store_full = 13,
  not_allowed = 14,
  unavailable = 15,
};
inline constexpr unsigned fault_count = 16;

/// The word for it in metrics.
constexpr std::string_view to_string(fault f) {
  switch (f) {
    case fault::none:
      return "none";
    case fault::too_large:
      return "too_large";
    case fault::over_quota:
      return "over_quota";
    case fault::store_full:
      return "store_full";
    case fault::not_allowed:
      return "not_allowed";
    case fault::unavailable:
      return "unavailable";
    default:
      return "malformed";
  }
}

}  // namespace msfs
