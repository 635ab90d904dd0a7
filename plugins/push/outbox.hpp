// Everything that waits, bounded, in the order in which it came.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "record.hpp"

namespace push {

/// Records that are posted together, until they are posted or given up: the same each time.
struct batch {
  std::string delivery;  // X-Parley-Delivery
  std::vector<record> records;
  std::uint32_t failures = 0;
};

class outbox {
 public:
  /// Messages, and records: of each the oldest are dropped beyond `most`.
  explicit outbox(std::size_t most) : most_(most) {}

  /// How many were dropped for it.
  std::size_t add(message_news news);
  std::size_t add(record one);

  /// Up to `most` messages, to be looked up; until looked_up() they count as waiting.
  const std::vector<message_news>& take_news(std::size_t most);
  void looked_up() { looking_.clear(); }
  /// They wait again, in front.
  void look_again();
  bool has_news() const { return !news_.empty(); }

  /// Makes a batch of up to `most` records, unless there is one; without those created before `oldest`, in the batch
  /// too, whose number it returns.
  std::size_t compose(std::size_t most, std::uint32_t oldest);
  batch& current() { return batch_; }
  void finish_batch() { batch_ = {}; }
  std::size_t records() const { return records_.size() + batch_.records.size(); }

  /// At most `most` bytes; the newest messages and records that fit.
  std::string save(std::size_t most) const;
  /// False, and unchanged, when that is none.
  bool restore(std::string_view state);

 private:
  std::size_t most_;
  std::deque<message_news> news_;
  std::vector<message_news> looking_;
  std::deque<record> records_;
  batch batch_;
};

}  // namespace push
