// CPU work beside the loop: `co_await workers.run([&] { return hash(...); })`.
#pragma once

#include <coroutine>
#include <type_traits>

#include "closure.hpp"
#include "edge.hpp"
#include "status.hpp"

namespace parley {

class worker_pool {
 public:
  worker_pool(const edge* e, const char* name) : edge_(e), name_(name) {}

  template <class Fn>
  class job {
    using value_type = std::invoke_result_t<Fn&>;

   public:
    job(const edge* e, const char* pool, std::uint32_t deadline_ms, const char* origin, Fn fn)
        : edge_(e), pool_(pool), deadline_ms_(deadline_ms), origin_(origin), fn_(std::move(fn)) {}
    bool await_ready() const noexcept { return false; }
    bool await_suspend(std::coroutine_handle<> awaiting) {
      awaiting_ = awaiting;
      parley_work raw{sizeof raw, deadline_ms_, pool_, origin_, this, work, done};
      auto accepted = edge_->worker->run(edge_->self, &raw);
      if (accepted == PARLEY_OK) return true;
      result_ = status{accepted};
      return false;
    }
    result<value_type> await_resume() { return std::move(result_); }

   private:
    static parley_status work(void* raw) {
      auto& self = *static_cast<job*>(raw);
      try {
        if constexpr (std::is_void_v<value_type>) {
          self.fn_();
          self.result_ = result<void>();
        } else {
          self.result_ = self.fn_();
        }
      } catch (const std::exception& e) {
        self.result_ = error{status::fault, e.what()};
      } catch (...) {
        self.result_ = error{status::fault, "an unknown exception"};
      }
      return parley::raw(self.result_.code());
    }
    static void done(void* raw, parley_status s) {
      auto& self = *static_cast<job*>(raw);
      if (s != PARLEY_OK && self.result_.code() != static_cast<status>(s)) self.result_ = static_cast<status>(s);
      self.awaiting_.resume();
    }

    const edge* edge_;
    const char* pool_;
    std::uint32_t deadline_ms_;
    const char* origin_;
    Fn fn_;
    std::coroutine_handle<> awaiting_;
    result<value_type> result_{status::fault};
  };

  /// result<T> of fn(); status::busy at once when the queue is full, status::timeout when it was still queued at the
  /// deadline.
  template <class Fn>
  job<std::remove_cvref_t<Fn>> run(Fn&& fn, std::uint32_t deadline_ms = 0,
                                   const char* origin = __builtin_FUNCTION()) const {
    static_assert(detail::safe_in_co_await<Fn>,
                  "give this closure a name first, or capture by reference (closure.hpp)");
    return {edge_, name_, deadline_ms, origin, std::forward<Fn>(fn)};
  }
  parley_work_load load() const {
    parley_work_load out{};
    out.size = sizeof out;
    edge_->worker->load(edge_->self, name_, &out);
    return out;
  }

 private:
  const edge* edge_;
  const char* name_;
};

}  // namespace parley
