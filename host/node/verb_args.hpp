// What the host's own verbs read from their arguments.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

namespace parley::host {

/// Empty when absent or no text.
inline std::string text_of(const nlohmann::ordered_json& args, const char* name) {
  const auto found = args.find(name);
  return found != args.end() && found->is_string() ? found->get<std::string>() : std::string();
}

}  // namespace parley::host
