// `parleyctl replay FILE`: what clients sent, sent again to the node of another build, and its answers compared.
#pragma once

#include <string>
#include <vector>

namespace parleyctl {

/// Arguments behind the verb: FILE [--logins FILE] [--ignore FIELD]... [--exact] [--patience MS]. The node is the one
/// whose control socket is given; sessions connect to its first PDU listener. A recording has no password: --logins
/// names a file of lines `NAME PASSWORD`; sessions of others, and those that were recorded from their middle, are left
/// out, which is told. Requests go out in the recorded order, each once what had been received before it has come
/// again. Returns 0 when every answer was the same (comparison.hpp), 1 when not. Throws std::runtime_error.
int replay(const std::string& socket, const std::string& protoset, const std::vector<std::string>& words);

}  // namespace parleyctl
