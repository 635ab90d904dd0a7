// Outcomes as values: parley_status with a type, and result<T>.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "abi.h"

namespace parley {

enum class status : parley_status {
  ok = PARLEY_OK,
  malformed = PARLEY_MALFORMED,
  not_allowed = PARLEY_NOT_ALLOWED,
  too_large = PARLEY_TOO_LARGE,
  too_fast = PARLEY_TOO_FAST,
  busy = PARLEY_BUSY,
  unavailable = PARLEY_UNAVAILABLE,
  no_target = PARLEY_NO_TARGET,
  unknown_command = PARLEY_UNKNOWN_COMMAND,
  refused = PARLEY_REFUSED,
  closed = PARLEY_CLOSED,
  cancelled = PARLEY_CANCELLED,
  timeout = PARLEY_TIMEOUT,
  conflict = PARLEY_CONFLICT,
  data_error = PARLEY_DATA_ERROR,
  retry = PARLEY_RETRY,
  fault = PARLEY_FAULT,
  pending = PARLEY_PENDING,
};

/// The word for a status in logs, metrics and JSON.
constexpr std::string_view to_string(status s) {
  switch (s) {
    case status::ok:
      return "ok";
    case status::malformed:
      return "malformed";
    case status::not_allowed:
      return "not allowed";
    case status::too_large:
      return "too large";
    case status::too_fast:
      return "too fast";
    case status::busy:
      return "busy";
    case status::unavailable:
      return "unavailable";
    case status::no_target:
      return "no such target";
    case status::unknown_command:
      return "unknown command";
    case status::refused:
      return "refused by policy";
    case status::closed:
      return "closed";
    case status::cancelled:
      return "cancelled";
    case status::timeout:
      return "timeout";
    case status::conflict:
      return "conflict";
    case status::data_error:
      return "data error";
    case status::retry:
      return "retry";
    case status::fault:
      return "fault";
    case status::pending:
      return "pending";
  }
  return "unknown status";
}

/// The code a client sees in a `refused` PDU: 1 to 10 as they are, the rest as abi.h names them.
constexpr std::uint32_t refused_code(status s) {
  switch (s) {
    case status::conflict:
      return PARLEY_NOT_ALLOWED;
    case status::data_error:
      return PARLEY_MALFORMED;
    case status::retry:
      return PARLEY_BUSY;
    case status::closed:
    case status::cancelled:
    case status::timeout:
    case status::fault:
    case status::pending:
      return PARLEY_UNAVAILABLE;
    default:
      return static_cast<std::uint32_t>(s);
  }
}

constexpr parley_status raw(status s) {
  return static_cast<parley_status>(s);
}

/// A failure: what kind, and a sentence saying what, where and how to mend.
struct error {
  status code = status::fault;
  std::string text;
};

/// A value or an error. Copies what it holds; no exceptions.
template <class T>
class result {
 public:
  result(T value) : value_(std::move(value)) {}
  result(error e) : error_(std::move(e)) {}
  result(status code) : error_{code, {}} {}

  explicit operator bool() const { return value_.has_value(); }
  T& operator*() { return *value_; }
  const T& operator*() const { return *value_; }
  T* operator->() { return &*value_; }
  const T* operator->() const { return &*value_; }
  status code() const { return value_ ? status::ok : error_.code; }
  const error& failure() const { return error_; }
  const std::string& text() const { return error_.text; }

 private:
  std::optional<T> value_;
  error error_;
};

template <>
class result<void> {
 public:
  result() = default;
  result(error e) : error_(std::move(e)) {}
  result(status code) : error_{code, {}} {}

  explicit operator bool() const { return error_.code == status::ok; }
  status code() const { return error_.code; }
  const error& failure() const { return error_; }
  const std::string& text() const { return error_.text; }

 private:
  error error_{status::ok, {}};
};

}  // namespace parley
