// Everything that waits, bounded. Singles' records go before groups', each in the order in which they came.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "record.hpp"

namespace push {

/// Records that are posted together, until they are posted or given up: the same each time.
struct batch {
  std::string delivery;  // X-Parley-Delivery
  bool settled = true;   // its bytes are; else badges may still be added
  std::vector<record> records;
  std::uint32_t failures = 0;
};

class outbox {
 public:
  /// Messages, and records: of each the oldest are dropped beyond `most`; of records groups' before any other.
  explicit outbox(std::size_t most) : most_(most) {}

  /// How many were dropped for it.
  std::size_t add(message_news news);
  std::size_t add(record one);

  /// Up to `most` messages, to be looked up; until they are done with they count as waiting.
  const std::deque<message_news>& take_news(std::size_t most);
  /// The first of these; nullptr: all are done with.
  message_news* looked_up() { return looking_.empty() ? nullptr : &looking_.front(); }
  void done_with_news() { looking_.pop_front(); }
  /// They wait again, in front.
  void look_again();
  bool has_news() const { return !news_.empty(); }
  /// Drops waiting messages created before `oldest`; how many.
  std::size_t drop_old_news(std::uint32_t oldest);

  /// How many records were dropped, and why.
  struct dropped {
    std::size_t old = 0;
    std::size_t quiet = 0;
  };
  /// Makes a batch of up to `most` records, unless there is one, a quarter of it groups' if as many wait; without those
  /// created before `oldest`, in the batch too, and while it is `quiet` without those of shielded users.
  dropped compose(std::size_t most, std::uint32_t oldest, bool quiet);
  batch& current() { return batch_; }
  void finish_batch() { batch_ = {}; }
  std::size_t records() const { return waiting() + batch_.records.size(); }

  std::size_t capacity() const { return most_; }

  /// At most `most` bytes; the newest messages and records that fit.
  std::string save(std::size_t most) const;
  /// How many did not fit; nothing, and unchanged, when that is no state of that version.
  std::optional<std::size_t> restore(std::string_view state, std::uint32_t version);

 private:
  std::size_t waiting() const { return singles_.size() + groups_.size(); }
  std::size_t fill(std::deque<record>& from, std::size_t most, bool quiet);

  std::size_t most_;
  std::deque<message_news> news_;
  std::deque<message_news> looking_;
  std::deque<record> singles_;
  std::deque<record> groups_;
  batch batch_;
};

}  // namespace push
