// `parleyctl top`: what each plugin costs right now, from two answers of the node's verb `accounts`.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

namespace parleyctl {

/// Rates and shares between two answers; plugins that were not there before count from zero. Sorted by their share of
/// the loop, the dearest first.
nlohmann::ordered_json top_between(const nlohmann::ordered_json& before, const nlohmann::ordered_json& now);

/// The same for a terminal.
std::string top_text(const nlohmann::ordered_json& between);

}  // namespace parleyctl
