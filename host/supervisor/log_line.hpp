// One line on stderr in the look of the node's log.
#pragma once

namespace parley::supervisor {

/// As printf; without a line feed.
void log_line(const char* level, const char* format, ...) __attribute__((format(printf, 2, 3)));

}  // namespace parley::supervisor
