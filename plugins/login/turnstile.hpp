// A few at a time per key; the others wait in order. `auto turn = co_await gate.enter(key);`
#pragma once

#include <coroutine>
#include <cstdint>
#include <deque>
#include <functional>
#include <unordered_map>
#include <utility>

namespace login {

/// Outlives whoever waits in it. [loop]
class turnstile {
 public:
  /// Per key, `width` are inside and `most_waiting` wait. `later` resumes a coroutine in a later turn of the loop: a
  /// chain of waiters must not pile up on the stack.
  turnstile(std::size_t width, std::size_t most_waiting, std::function<void(std::coroutine_handle<>)> later)
      : width_(width), most_waiting_(most_waiting), later_(std::move(later)) {}
  turnstile(const turnstile&) = delete;
  turnstile& operator=(const turnstile&) = delete;

  /// The right to go on; lets the next in when destroyed. False when there were too many waiting.
  class turn {
   public:
    turn(turnstile* gate, std::uint64_t key) : gate_(gate), key_(key) {}
    turn(turn&& other) noexcept : gate_(std::exchange(other.gate_, nullptr)), key_(other.key_) {}
    turn& operator=(turn&&) = delete;
    ~turn() {
      if (gate_) gate_->leave(key_);
    }
    explicit operator bool() const { return gate_ != nullptr; }

   private:
    turnstile* gate_;
    std::uint64_t key_;
  };

  class entry {
   public:
    entry(turnstile* gate, std::uint64_t key) : gate_(gate), key_(key) {}
    bool await_ready() {
      line& here = gate_->lines_[key_];
      if (here.inside < gate_->width_) {
        ++here.inside;
        return true;
      }
      refused_ = here.waiting.size() >= gate_->most_waiting_;
      return refused_;
    }
    void await_suspend(std::coroutine_handle<> waiting) { gate_->lines_[key_].waiting.push_back(waiting); }
    turn await_resume() const { return {refused_ ? nullptr : gate_, key_}; }

   private:
    turnstile* gate_;
    std::uint64_t key_;
    bool refused_ = false;
  };

  entry enter(std::uint64_t key) { return {this, key}; }
  std::size_t waiting(std::uint64_t key) const {
    const auto at = lines_.find(key);
    return at == lines_.end() ? 0 : at->second.waiting.size();
  }
  /// Keys somebody is in for.
  std::size_t held() const { return lines_.size(); }

 private:
  struct line {
    std::size_t inside = 0;
    std::deque<std::coroutine_handle<>> waiting;
  };

  void leave(std::uint64_t key) {
    const auto at = lines_.find(key);
    line& here = at->second;
    if (!here.waiting.empty()) {
      const auto next = here.waiting.front();
      here.waiting.pop_front();
      later_(next);
    } else if (--here.inside == 0) {
      lines_.erase(at);
    }
  }

  std::size_t width_;
  std::size_t most_waiting_;
  std::function<void(std::coroutine_handle<>)> later_;
  std::unordered_map<std::uint64_t, line> lines_;
};

}  // namespace login
