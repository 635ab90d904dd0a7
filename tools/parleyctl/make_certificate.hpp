#pragma once

#include <string>
#include <vector>

namespace parleyctl {

/// Writes certificate.pem and key.pem into a directory, which is made. Returns what to do with them; throws with what
/// is wrong. Files that are there are not replaced.
std::string make_certificate(const std::vector<std::string>& words);

}  // namespace parleyctl
