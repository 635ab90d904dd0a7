// The whole import.
#pragma once

#include "import/options.hpp"

namespace parley::teamtalk {

/// Prints its report; the exit status.
int run(const options& o);

}  // namespace parley::teamtalk
