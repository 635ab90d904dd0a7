// `parleyctl crashes`: crash records, read from the data directory, so that no node has to run.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

namespace parleyctl {

/// A row per record in `directory`, newest first.
nlohmann::ordered_json crash_table(const std::string& directory);

/// One record by its name, or by "last"; frames with function, file and line where addr2line is installed and the
/// symbols are still there. Throws a sentence when there is no such record.
nlohmann::ordered_json crash_details(const std::string& directory, const std::string& name);

/// The same for people.
std::string crash_text(const nlohmann::ordered_json& details);

}  // namespace parleyctl
