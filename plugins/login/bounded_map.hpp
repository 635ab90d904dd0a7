// A map that forgets: it never holds more than its capacity, and the entry longest untouched goes first.
#pragma once

#include <cstddef>
#include <iterator>
#include <list>
#include <unordered_map>
#include <utility>

namespace login {

template <class Key, class Value>
class bounded_map {
 public:
  /// At least 1.
  explicit bounded_map(std::size_t capacity) : capacity_(capacity) {}
  bounded_map(bounded_map&&) = default;
  bounded_map& operator=(bounded_map&&) = default;

  /// The value, touched; nullptr when absent. Valid until the next one is made.
  Value* find(const Key& key) {
    const auto at = places_.find(key);
    if (at == places_.end()) return nullptr;
    entries_.splice(entries_.begin(), entries_, at->second);
    return &at->second->second;
  }

  /// The value, made when absent.
  Value& operator[](const Key& key) {
    if (Value* found = find(key)) return *found;
    if (!entries_.empty() && places_.size() >= capacity_) {
      places_.erase(entries_.back().first);
      entries_.pop_back();
    }
    entries_.emplace_front(key, Value{});
    places_.emplace(key, entries_.begin());
    return entries_.front().second;
  }

  /// Below all others, as when it had been touched before them; false when it is there or there is no room.
  bool add_oldest(const Key& key, Value value) {
    if (places_.size() >= capacity_ || places_.contains(key)) return false;
    entries_.emplace_back(key, std::move(value));
    places_.emplace(key, std::prev(entries_.end()));
    return true;
  }

  void erase(const Key& key) {
    const auto at = places_.find(key);
    if (at == places_.end()) return;
    entries_.erase(at->second);
    places_.erase(at);
  }

  /// Touches nothing.
  bool has(const Key& key) const { return places_.contains(key); }
  std::size_t size() const { return places_.size(); }
  std::size_t capacity() const { return capacity_; }
  /// Newest first.
  const std::list<std::pair<Key, Value>>& entries() const { return entries_; }

 private:
  std::size_t capacity_;
  std::list<std::pair<Key, Value>> entries_;  // newest first
  std::unordered_map<Key, typename std::list<std::pair<Key, Value>>::iterator> places_;
};

}  // namespace login
