// A long answer cut into replies that every client takes.
#pragma once

#include <google/protobuf/repeated_field.h>

#include <cstddef>
#include <utility>
#include <vector>

namespace group {

/// Rationale: Android drops a PDU of more than 400 KiB (proto/README.md 1).
inline constexpr std::size_t page_bytes = 380 << 10;

/// Fills pages with rows in their order.
///
/// Rationale: output that a client does not take is bounded, so one request gets at most `most` pages.
template <class Row>
class pager {
 public:
  using rows = google::protobuf::RepeatedPtrField<Row>;
  static constexpr std::size_t most = 8;

  /// False when there is no room left: this row and all behind it stay out.
  bool add(Row row) {
    if (full_) return false;
    const std::size_t size = row.ByteSizeLong() + 8;
    if (pages_.empty() || used_ + size > page_bytes) {
      full_ = pages_.size() == most;
      if (full_) return false;
      pages_.emplace_back();
      used_ = 0;
    }
    used_ += size;
    pages_.back().Add(std::move(row));
    return true;
  }

  bool full() const { return full_; }
  /// At least one, if only an empty one: a request is answered.
  std::vector<rows> take() {
    if (pages_.empty()) pages_.emplace_back();
    return std::move(pages_);
  }

 private:
  std::vector<rows> pages_;
  std::size_t used_ = 0;
  bool full_ = false;
};

}  // namespace group
