// `parleyctl record FILE`: PDUs of chosen sessions into a file, as `tap` sees them.
#pragma once

#include <string>
#include <vector>

namespace parleyctl {

/// Arguments behind the verb: FILE [--session ID]... [--user ID]... [--limit 64MiB]. Runs until the file is full or the
/// node ends; Ctrl-C leaves a whole file. Without --session or --user every session is recorded. Passwords and tokens
/// become
/// "***" before they reach the file; a login whose body cannot be decoded is left out. Throws std::runtime_error.
int record(const std::string& socket, const std::string& protoset, const std::vector<std::string>& words);

}  // namespace parleyctl
