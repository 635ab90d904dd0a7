// Answers of a cache that are known at once and told later, as callers may rely on.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "host/net/loop.hpp"
#include "parley/abi/cache.h"

namespace parley::host {

/// In order, in a later turn. [loop]
class cache_answers {
 public:
  explicit cache_answers(loop& l) : loop_(l) {}
  cache_answers(const cache_answers&) = delete;
  /// What has not been told yet is told PARLEY_CANCELLED.
  ~cache_answers() {
    if (posted_) posted_->answers = nullptr;
    for (const auto& a : waiting_) a.done(a.context, PARLEY_CANCELLED, {}, 0);
  }

  /// `value` is null when there is none; copied. Nothing happens where nobody waits.
  void add(void* context, parley_cache_done done, parley_status outcome, std::int64_t number = 0,
           const std::string* value = nullptr) {
    if (!done) return;
    waiting_.push_back({context, done, outcome, value != nullptr, value ? *value : std::string(), number});
    if (posted_) return;
    posted_ = new delivery;
    posted_->answers = this;
    posted_->run = [](loop_task& task) {
      std::unique_ptr<delivery> owned(static_cast<delivery*>(&task));
      if (owned->answers) owned->answers->deliver();
    };
    loop_.post(*posted_);
  }

 private:
  struct answer {
    void* context;
    parley_cache_done done;
    parley_status outcome;
    bool found;
    std::string value;
    std::int64_t number;
  };
  /// The posted task outlives the cache when it has to.
  struct delivery : loop_task {
    cache_answers* answers = nullptr;
  };

  void deliver() {
    posted_ = nullptr;
    delivering_.swap(waiting_);
    for (const auto& a : delivering_) {
      a.done(a.context, a.outcome, a.found ? parley_bytes{a.value.data(), a.value.size()} : parley_bytes{}, a.number);
    }
    delivering_.clear();
  }

  loop& loop_;
  std::vector<answer> waiting_;
  std::vector<answer> delivering_;
  delivery* posted_ = nullptr;  // the loop's, until it has run
};

}  // namespace parley::host
