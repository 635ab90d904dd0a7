// A long answer cut into replies that every client takes.
#pragma once

#include <cstddef>
#include <utility>
#include <vector>

namespace parley {

/// Rationale: TeamTalk's Android client drops a PDU of more than 400 KiB.
inline constexpr std::size_t page_bytes = 380 << 10;

/// Fills pages with rows in their order. `Rows` is a message's repeated field, google::protobuf::RepeatedPtrField<Row>.
///
/// Rationale: output that a client does not take is bounded, so one request gets at most `most` pages.
template <class Rows>
class pager {
 public:
  using rows = Rows;
  using row = typename Rows::value_type;
  static constexpr std::size_t most = 8;

  /// False when there is no room left: this row and all behind it stay out.
  bool add(row one) {
    if (full_) return false;
    const std::size_t size = one.ByteSizeLong() + 8;
    if (pages_.empty() || used_ + size > page_bytes) {
      full_ = pages_.size() == most;
      if (full_) return false;
      pages_.emplace_back();
      used_ = 0;
    }
    used_ += size;
    pages_.back().Add(std::move(one));
    return true;
  }

  bool full() const { return full_; }
  /// So far.
  std::size_t size() const { return pages_.size(); }
  std::vector<Rows> take() { return std::move(pages_); }
  /// At least one, if only an empty one: a request is answered.
  std::vector<Rows> take_some() {
    if (pages_.empty()) pages_.emplace_back();
    return std::move(pages_);
  }

 private:
  std::vector<Rows> pages_;
  std::size_t used_ = 0;
  bool full_ = false;
};

}  // namespace parley
