// PDUs as text, as `parleyctl tap` shows them.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "tools/parleyctl/schema.hpp"

namespace parleyctl {

/// One line: time, session, user, direction, command, name and fields. Passwords and tokens are never shown; what the
/// schema does not know is shown by its size.
std::string tap_line(const schema& known, const nlohmann::ordered_json& tapped);

}  // namespace parleyctl
