// Group commit: `co_await lane.run(key, item)`. The batch function stands in the lanes table (plugin.hpp).
#pragma once

#include <coroutine>
#include <span>

#include "edge.hpp"
#include "sql.hpp"
#include "status.hpp"

namespace parley {

/// `index` is the lane's place in the descriptor's table.
template <class Item>
class lane {
 public:
  lane(const edge* e, std::uint32_t index) : edge_(e), index_(index) {}

  class awaiter {
   public:
    awaiter(const edge* e, std::uint32_t index, std::uint64_t key, Item& item, const char* origin)
        : edge_(e), index_(index), key_(key), item_(&item), origin_(origin) {}
    bool await_ready() const noexcept { return false; }
    bool await_suspend(std::coroutine_handle<> awaiting) {
      awaiting_ = awaiting;
      item_->waiting = this;
      auto s = edge_->lane->enqueue(edge_->self, index_, key_, item_, origin_, [](void* raw, parley_status verdict) {
        auto* self = static_cast<awaiter*>(static_cast<Item*>(raw)->waiting);
        self->verdict_ = static_cast<status>(verdict);
        self->awaiting_.resume();
      });
      verdict_ = static_cast<status>(s);
      return s == PARLEY_OK;
    }
    status await_resume() const { return verdict_; }

   private:
    const edge* edge_;
    std::uint32_t index_;
    std::uint64_t key_;
    Item* item_;
    const char* origin_;
    std::coroutine_handle<> awaiting_;
    status verdict_ = status::ok;
  };

  /// Items of one key are served in order. The item stays where it is until then; it needs a member `void* waiting`.
  awaiter run(std::uint64_t key, Item& item, const char* origin = __builtin_FUNCTION()) const {
    return {edge_, index_, key, item, origin};
  }

 private:
  const edge* edge_;
  std::uint32_t index_;
};

/// Commits items in one transaction: body(span). On a data error or conflict the batch is halved until only the guilty
/// item fails, by fail(item, code); when the database is away, every item of the rest fails so. [worker]
template <class Item, class Body, class Fail>
void commit_bisecting(sql& db, std::span<Item* const> items, Body&& body, Fail&& fail) {
  try {
    db.transaction([&] { body(items); });
  } catch (const sql_error& e) {
    const bool guilty = e.code == status::data_error || e.code == status::conflict || e.code == status::too_large;
    if (guilty && items.size() > 1) {
      auto half = items.size() / 2;
      commit_bisecting(db, items.first(half), body, fail);
      commit_bisecting(db, items.subspan(half), body, fail);
      return;
    }
    for (auto* item : items) fail(*item, e.code, e.what());
  }
}

}  // namespace parley
