// Objects behind 64-bit ids with a generation inside: a stale id finds nothing.
#pragma once

#include <cstdint>
#include <deque>
#include <utility>
#include <vector>

namespace parley::host {

/// Ids are (generation << IndexBits | index + 1), never 0. References stay valid until erase(). At most
/// 2^IndexBits - 1 values.
template <class T, unsigned IndexBits = 32, unsigned GenerationBits = 32>
class slot_map {
  static constexpr std::uint64_t index_mask = (std::uint64_t{1} << IndexBits) - 1;
  static constexpr std::uint32_t generation_mask =
      static_cast<std::uint32_t>((std::uint64_t{1} << GenerationBits) - 1);
  static std::uint64_t id_of(std::uint32_t generation, std::uint32_t index) {
    return static_cast<std::uint64_t>(generation) << IndexBits | (index + 1);
  }

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
    return {id_of(s.generation, index), s.value};
  }

  std::uint64_t insert(T value) {
    auto [id, place] = emplace();
    place = std::move(value);
    return id;
  }

  T* find(std::uint64_t id) {
    const auto index = static_cast<std::uint32_t>(id & index_mask) - 1;
    if (index >= slots_.size()) return nullptr;
    auto& s = slots_[index];
    return s.used && s.generation == id >> IndexBits ? &s.value : nullptr;
  }

  bool erase(std::uint64_t id) {
    auto* value = find(id);
    if (!value) return false;
    if constexpr (requires { value->reset(); }) {
      value->reset();
    } else {
      *value = T{};
    }
    const auto index = static_cast<std::uint32_t>(id & index_mask) - 1;
    auto& s = slots_[index];
    s.used = false;
    s.generation = (s.generation + 1) & generation_mask;
    free_.push_back(index);
    --size_;
    return true;
  }

  std::size_t size() const { return size_; }

  /// fn(id, value&); fn may erase the one it is given.
  template <class Fn>
  void each(Fn&& fn) {
    for (std::uint32_t i = 0; i < slots_.size(); ++i) {
      if (slots_[i].used) fn(id_of(slots_[i].generation, i), slots_[i].value);
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
