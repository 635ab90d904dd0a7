// A long answer cut into replies that every client takes.
#pragma once

#include <google/protobuf/repeated_field.h>

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

namespace buddy {

/// Rows of one reply. `up_to` is the `updated` of its last row.
template <class Row>
struct page {
  google::protobuf::RepeatedPtrField<Row> rows;
  std::uint32_t up_to = 0;
};

/// Fills pages with rows in their order.
///
/// Rationale: Android drops a PDU of more than 400 KiB (proto/README.md 1), and output that a client does not take is
/// bounded; so a reply ends at 380 KiB and one request gets at most `most` of them.
template <class Row>
class pager {
 public:
  static constexpr std::size_t page_bytes = 380 << 10;
  static constexpr std::size_t most = 8;

  /// False when there is no room left: this row and all behind it stay out.
  bool add(Row row, std::uint32_t updated) {
    if (full_) return false;
    const std::size_t size = row.ByteSizeLong() + 8;
    if (pages_.empty() || used_ + size > page_bytes) {
      full_ = pages_.size() == most;
      if (full_) return false;
      pages_.emplace_back();
      used_ = 0;
    }
    used_ += size;
    pages_.back().rows.Add(std::move(row));
    pages_.back().up_to = updated;
    return true;
  }

  bool full() const { return full_; }
  std::vector<page<Row>> take() { return std::move(pages_); }

 private:
  std::vector<page<Row>> pages_;
  std::size_t used_ = 0;
  bool full_ = false;
};

/// What changed since a time, oldest change first.
template <class Row>
struct changes {
  std::vector<page<Row>> pages;
  bool complete = true;  // false: there is more than one request may get

  /// Changes are dated when they are begun and seen when they are committed, after waiting for a connection and for
  /// locks; and nodes' clocks differ.
  static constexpr std::uint32_t settled_after_s = 30;

  /// latest_update_time of page i: asking again with it gives whatever that page's client may still miss. Between pages
  /// that is one second back, as a second may be cut in two. At the end it is never a second to which more may still
  /// come.
  std::uint32_t mark(std::size_t i, std::uint32_t since, std::uint32_t now) const {
    const std::uint32_t up_to = pages[i].up_to;
    const bool last = i + 1 == pages.size() && complete;
    const std::uint32_t safe = last ? std::min(up_to, now - settled_after_s) : up_to - (up_to > 0);
    return std::max(since, safe);
  }
};

}  // namespace buddy
