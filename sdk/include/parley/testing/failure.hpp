// What a test expected and did not get.
#pragma once

#include <stdexcept>

namespace parley::testing {

/// Thrown by everything here. Test frameworks print its text: what was wanted, what there was instead.
class failure : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

}  // namespace parley::testing
