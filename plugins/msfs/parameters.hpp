// Values of header lines: `form-data; name="a"; filename="b.png"`.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace msfs {

/// The parameter of that lower-case name. None: it is not there, or its quote never ends.
std::optional<std::string> parameter(std::string_view header, std::string_view name);

bool equal_ignoring_case(std::string_view a, std::string_view lower);

}  // namespace msfs
