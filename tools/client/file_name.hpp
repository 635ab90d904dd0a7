#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace parley::client {

/// What a stranger calls a file, as a name that can be used here: the last part of a path, without control characters,
/// text direction overrides and what is not UTF-8; neither hidden nor an option; at most 200 bytes, its ending kept.
/// Never empty.
std::string safe_file_name(std::string_view name);

/// "report.pdf" and 2 give "report (2).pdf".
std::string numbered_file_name(std::string_view name, unsigned number);

/// The last part of a path; empty when it ends in a slash.
std::string_view base_name(std::string_view path);

/// "1.2 MiB".
std::string size_in_words(std::uint64_t bytes);

/// The 36 characters of a UUID. What is none must never become part of a path.
bool is_task_id(std::string_view text);

}  // namespace parley::client
