// A long answer cut into replies that every client takes.
#pragma once

#include <google/protobuf/repeated_field.h>
#include <parley/pages.hpp>

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

/// parley::pager, of rows that each have an `updated`.
template <class Row>
class pager {
 public:
  /// False when there is no room left: this row and all behind it stay out.
  bool add(Row row, std::uint32_t updated) {
    if (!pages_.add(std::move(row))) return false;
    up_to_.resize(pages_.size());
    up_to_.back() = updated;
    return true;
  }

  bool full() const { return pages_.full(); }
  std::vector<page<Row>> take() {
    std::vector<page<Row>> out;
    for (auto& rows : pages_.take()) out.push_back({std::move(rows), up_to_[out.size()]});
    return out;
  }

 private:
  parley::pager<google::protobuf::RepeatedPtrField<Row>> pages_;
  std::vector<std::uint32_t> up_to_;  // of each page
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
