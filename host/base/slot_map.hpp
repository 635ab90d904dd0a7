// Objects behind 64-bit ids with a generation inside: a stale id finds nothing.
#pragma once

#include <cstdint>
#include <deque>
#include <utility>
#include <vector>

namespace parley::host {

/// Ids are (generation << 32 | index + 1), never 0. References stay valid until erase().
template <class T>
class slot_map {
 public:
  /// A fresh value: default-made, or left by reset() when T has one.
  std::pair<std::uint64_t, T&> emplace() {
    std::uint32_t index;
    if (free_.empty()) {
      index = static_cast<std::uint32_t>(slots_.size());
      slots_.emplace_back();
    } else {
      index = free_.back();
      free_.pop_back();
    }
    auto& s = slots_[index];
    s.used = true;
    ++size_;
    return {static_cast<std::uint64_t>(s.generation) << 32 | (index + 1), s.value};
  }

  std::uint64_t insert(T value) {
    auto [id, place] = emplace();
    place = std::move(value);
    return id;
  }

  T* find(std::uint64_t id) {
    const auto index = static_cast<std::uint32_t>(id) - 1;
    if (index >= slots_.size()) return nullptr;
    auto& s = slots_[index];
    return s.used && s.generation == static_cast<std::uint32_t>(id >> 32) ? &s.value : nullptr;
  }

  bool erase(std::uint64_t id) {
    auto* value = find(id);
    if (!value) return false;
    if constexpr (requires { value->reset(); }) {
      value->reset();
    } else {
      *value = T{};
    }
    const auto index = static_cast<std::uint32_t>(id) - 1;
    auto& s = slots_[index];
    s.used = false;
    ++s.generation;
    free_.push_back(index);
    --size_;
    return true;
  }

  std::size_t size() const { return size_; }

  /// fn(id, value&); fn may erase the one it is given.
  template <class Fn>
  void each(Fn&& fn) {
    for (std::uint32_t i = 0; i < slots_.size(); ++i) {
      if (slots_[i].used) fn(static_cast<std::uint64_t>(slots_[i].generation) << 32 | (i + 1), slots_[i].value);
    }
  }

 private:
  struct slot {
    T value{};
    std::uint32_t generation = 1;
    bool used = false;
  };
  std::deque<slot> slots_;
  std::vector<std::uint32_t> free_;
  std::size_t size_ = 0;
};

}  // namespace parley::host
