// task<T>: a coroutine on the loop. It starts when awaited, or at once as a handler.
//
// Parameters of a coroutine must be values: a reference would dangle at the first await. The command, route and verb
// tables check that statically.
#pragma once

#include <coroutine>
#include <exception>
#include <optional>
#include <utility>

#include "status.hpp"

namespace parley {

template <class T = void>
class task;

namespace detail {

/// Where a handler's coroutine reports when nobody awaits it. Called once, on the loop, before the frame is destroyed.
struct completion {
  void (*done)(completion& self, status verdict, std::exception_ptr thrown) = nullptr;
  const void* edge = nullptr;
  std::uint64_t id = 0;
  status* inline_verdict = nullptr;  // set while the trampoline is still on the stack
};

struct promise_base {
  std::coroutine_handle<> continuation;
  completion root;
  std::exception_ptr thrown;

  std::suspend_always initial_suspend() noexcept { return {}; }
  void unhandled_exception() noexcept { thrown = std::current_exception(); }

  struct final_awaiter {
    bool await_ready() noexcept { return false; }
    template <class Promise>
    std::coroutine_handle<> await_suspend(std::coroutine_handle<Promise> h) noexcept {
      auto& promise = h.promise();
      if (promise.continuation) return promise.continuation;
      if (promise.root.done) {
        promise.root.done(promise.root, promise.verdict(), promise.thrown);
        h.destroy();
      }
      return std::noop_coroutine();
    }
    void await_resume() noexcept {}
  };
  final_awaiter final_suspend() noexcept { return {}; }
};

template <class T>
struct promise : promise_base {
  std::optional<T> value;
  task<T> get_return_object();
  template <class U>
  void return_value(U&& v) {
    value.emplace(std::forward<U>(v));
  }
  status verdict() const {
    if constexpr (std::is_same_v<T, status>) return value ? *value : status::fault;
    return status::ok;
  }
  T take() {
    if (thrown) std::rethrow_exception(thrown);
    return std::move(*value);
  }
};

template <>
struct promise<void> : promise_base {
  task<void> get_return_object();
  void return_void() {}
  status verdict() const { return status::ok; }
  void take() {
    if (thrown) std::rethrow_exception(thrown);
  }
};

}  // namespace detail

template <class T>
class [[nodiscard]] task {
 public:
  using promise_type = detail::promise<T>;
  using value_type = T;

  explicit task(std::coroutine_handle<promise_type> h) : handle_(h) {}
  task(task&& other) noexcept : handle_(std::exchange(other.handle_, {})) {}
  task& operator=(task&&) = delete;
  ~task() {
    if (handle_) handle_.destroy();
  }

  bool await_ready() const noexcept { return false; }
  std::coroutine_handle<> await_suspend(std::coroutine_handle<> awaiting) noexcept {
    handle_.promise().continuation = awaiting;
    return handle_;
  }
  T await_resume() { return handle_.promise().take(); }

  /// Runs it now, without anybody awaiting; its frame destroys itself after root.done was called. *root.inline_verdict
  /// is status::pending when it is not finished yet.
  void start(detail::completion root) && {
    auto h = std::exchange(handle_, {});
    h.promise().root = root;
    h.resume();
    if (*root.inline_verdict == status::pending) h.promise().root.inline_verdict = nullptr;
  }

 private:
  std::coroutine_handle<promise_type> handle_;
};

namespace detail {
template <class T>
task<T> promise<T>::get_return_object() {
  return task<T>(std::coroutine_handle<promise<T>>::from_promise(*this));
}
inline task<void> promise<void>::get_return_object() {
  return task<void>(std::coroutine_handle<promise<void>>::from_promise(*this));
}
}  // namespace detail

}  // namespace parley
