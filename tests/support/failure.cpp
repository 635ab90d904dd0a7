#include "support/failure.hpp"

#include <algorithm>
#include <cstdlib>

namespace parley::test {

milliseconds patience(milliseconds normal) {
#ifdef PARLEY_SANITIZED
  normal *= 5;
#endif
  if (const char* factor = std::getenv("PARLEY_TEST_PATIENCE")) normal *= std::max(1, std::atoi(factor));
  return normal;
}

}  // namespace parley::test
