#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <variant>

namespace parley::client {

enum class failure {
  connect,    ///< no connection could be made
  closed,     ///< the connection ended
  timeout,    ///< no answer in time; the request may still have been carried out
  refused,    ///< the server said no (0x0901, or a login answer); see error::code
  malformed,  ///< something does not parse
};

/// Why something did not work, for people (text) and for decisions (what, code).
struct error {
  failure what = failure::closed;
  std::string text;
  std::uint32_t code = 0;            ///< refused: IMRefused.code or IMLoginRes.result_code
  std::uint32_t retry_after_ms = 0;  ///< refused: when to try again, 0 if the server did not say
};

struct done {};

/// A value or an error. Asking for the one that is not there is a programming error (std::bad_variant_access).
template <class T = done>
class result {
 public:
  result(T value) : held_(std::in_place_index<0>, std::move(value)) {}
  result(error reason) : held_(std::in_place_index<1>, std::move(reason)) {}

  explicit operator bool() const { return held_.index() == 0; }
  T& operator*() { return std::get<0>(held_); }
  const T& operator*() const { return std::get<0>(held_); }
  T* operator->() { return &std::get<0>(held_); }
  const T* operator->() const { return &std::get<0>(held_); }
  const error& why() const { return std::get<1>(held_); }

 private:
  std::variant<T, error> held_;
};

}  // namespace parley::client
