// Many passwords hashed on all threads of a pool: `co_await parallel_hash(edge, "cpu", users, cost, keep_md5)`.
#pragma once

#include <parley/edge.hpp>
#include <parley/status.hpp>

#include <atomic>
#include <coroutine>
#include <cstddef>
#include <span>

#include "password.hpp"
#include "store.hpp"

namespace login {

/// Fills in users[i].secret. One short job per thread at a time, so that logins get in between, however long the list.
/// [loop]
class parallel_hash {
 public:
  parallel_hash(const parley::edge* e, const char* pool, std::span<store::prepared_user> users, cost effort,
                bool keep_md5)
      : edge_(e), pool_(pool), users_(users), effort_(effort), keep_md5_(keep_md5) {}
  parallel_hash(const parallel_hash&) = delete;
  parallel_hash& operator=(const parallel_hash&) = delete;

  bool await_ready() const { return users_.empty(); }
  bool await_suspend(std::coroutine_handle<> awaiting);
  /// ok: all are hashed.
  parley::status await_resume() const { return verdict_; }

 private:
  parley::status submit();
  parley_status work();
  void done(parley::status s);

  const parley::edge* edge_;
  const char* pool_;
  std::span<store::prepared_user> users_;
  cost effort_;
  bool keep_md5_;
  std::atomic<std::size_t> next_ = 0;
  std::size_t jobs_ = 0;
  parley::status verdict_ = parley::status::ok;
  std::coroutine_handle<> awaiting_;
};

}  // namespace login
