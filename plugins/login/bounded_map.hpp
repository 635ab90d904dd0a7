// A map that forgets: it never holds more than its capacity, and the entry longest untouched goes first.
#pragma once

#include <cstddef>
#include <list>
#include <unordered_map>
#include <utility>

namespace login {

template <class Key, class Value>
class bounded_map {
 public:
  /// At least 1.
  explicit bounded_map(std::size_t capacity) : capacity_(capacity) {}

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

  void erase(const Key& key) {
    const auto at = places_.find(key);
    if (at == places_.end()) return;
    entries_.erase(at->second);
    places_.erase(at);
  }

  std::size_t size() const { return places_.size(); }

 private:
  std::size_t capacity_;
  std::list<std::pair<Key, Value>> entries_;  // newest first
  std::unordered_map<Key, typename std::list<std::pair<Key, Value>>::iterator> places_;
};

}  // namespace login
