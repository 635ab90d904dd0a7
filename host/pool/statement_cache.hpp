// Prepared statements of one connection by their text: the least recently used one goes when there are too many.
#pragma once

#include <list>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace parley::host {

/// Keyed by content: a plugin's pointer may come back with another text after a reload.
template <class Statement>
class statement_cache {
  struct slot {
    std::string key;
    std::unique_ptr<Statement> statement;
    bool lent;
  };

 public:
  explicit statement_cache(std::size_t capacity) : capacity_(capacity) {}

  /// A statement on loan: nobody else gets it until this is gone.
  class lease {
   public:
    lease() = default;
    lease(lease&& other) noexcept : slot_(std::exchange(other.slot_, nullptr)), own_(std::move(other.own_)) {}
    lease& operator=(lease&& other) noexcept {
      std::swap(slot_, other.slot_);
      std::swap(own_, other.own_);
      return *this;
    }
    ~lease() {
      if (slot_) slot_->lent = false;
    }
    explicit operator bool() const { return slot_ || own_; }
    Statement& operator*() const { return slot_ ? *slot_->statement : *own_; }
    Statement* operator->() const { return &**this; }

   private:
    friend statement_cache;
    slot* slot_ = nullptr;
    std::unique_ptr<Statement> own_;
  };

  /// make() -> std::unique_ptr<Statement>, or null; runs when there is none, or when a row callback of the same text
  /// has it.
  template <class Make>
  lease take(std::string_view key, Make&& make) {
    lease taken;
    const auto found = index_.find(key);
    if (found != index_.end()) {
      slots_.splice(slots_.begin(), slots_, found->second);
      if (!found->second->lent) {
        taken.slot_ = &*found->second;
        taken.slot_->lent = true;
        return taken;
      }
      taken.own_ = make();
      return taken;
    }
    auto made = make();
    if (!made) return taken;
    evict();
    slots_.push_front(slot{std::string(key), std::move(made), true});
    index_.emplace(slots_.front().key, slots_.begin());
    taken.slot_ = &slots_.front();
    return taken;
  }

  /// Nothing may be on loan.
  void clear() {
    index_.clear();
    slots_.clear();
  }
  std::size_t size() const { return slots_.size(); }

 private:
  void evict() {
    for (auto it = slots_.end(); slots_.size() >= capacity_ && it != slots_.begin();) {
      --it;
      if (it->lent) continue;
      index_.erase(it->key);
      it = slots_.erase(it);
    }
  }

  std::size_t capacity_;
  std::list<slot> slots_;
  std::unordered_map<std::string_view, typename std::list<slot>::iterator> index_;
};

}  // namespace parley::host
