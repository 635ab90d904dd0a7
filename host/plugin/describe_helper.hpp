// `parleyd describe FILE`: what the helper process runs.
#pragma once

#include <string>

namespace parley::host {

/// Loads one plugin file, prints its descriptor as JSON and returns 0; prints why it cannot and returns 1.
int describe_main(const std::string& file);

}  // namespace parley::host
