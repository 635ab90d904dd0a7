// JSON as a person reads it.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

namespace parleyctl {

/// An array of objects becomes a table, an object a list of names and values; nested arrays of objects follow as tables
/// of their own. Control characters are escaped: names come from strangers.
std::string render(const nlohmann::ordered_json& value);

/// Text safe for a terminal.
std::string safe(const std::string& text);

}  // namespace parleyctl
