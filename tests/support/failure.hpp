#pragma once

#include <chrono>
#include <stdexcept>
#include <string>

namespace parley::test {

/// What a test expected and did not get, as a sentence.
struct failure : std::runtime_error {
  using std::runtime_error::runtime_error;
};

using milliseconds = std::chrono::milliseconds;

/// A deadline that suits this build: sanitized servers get longer, and PARLEY_TEST_PATIENCE=N multiplies it by N.
milliseconds patience(milliseconds normal);

/// How long an answer may take before a test gives up on it.
inline constexpr milliseconds answer_time{5000};

}  // namespace parley::test
