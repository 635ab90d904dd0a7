// A node of one's own, and clients that measure it.
#pragma once

#include <nlohmann/json.hpp>

#include "selfbench/options.hpp"
#include "selfbench/scratch.hpp"

namespace parley::selfbench {

/// What was measured, as --json prints it. Throws std::runtime_error. Says on standard error what goes on.
nlohmann::ordered_json measure(const options& o, const std::string& programs, const scratch_directory& scratch,
                               const std::string& sql);

}  // namespace parley::selfbench
