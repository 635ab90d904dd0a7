// A cache that can forget at any moment: `co_await cache.get("key")`. [loop]
#pragma once

#include <coroutine>
#include <optional>
#include <string>
#include <string_view>

#include "bytes.hpp"
#include "edge.hpp"
#include "status.hpp"

namespace parley {

class cache {
 public:
  cache(const edge* e, const char* pool) : edge_(e), pool_(pool) {}

  enum class operation { get, set, erase, add };

  /// Owns its key and value: it lives in the awaiting coroutine's frame.
  class command {
   public:
    command(const edge* e, const char* pool, operation op, std::string key, std::string value, std::int64_t delta,
            std::uint64_t ttl)
        : edge_(e), pool_(pool), op_(op), key_(std::move(key)), value_(std::move(value)), delta_(delta), ttl_(ttl) {}
    bool await_ready() const noexcept { return false; }
    bool await_suspend(std::coroutine_handle<> awaiting) {
      awaiting_ = awaiting;
      auto s = start();
      status_ = static_cast<status>(s);
      return s == PARLEY_OK;
    }
    struct reply {
      status code;
      std::optional<std::string> value;
      std::int64_t number;
    };
    reply await_resume() { return {status_, std::move(found_), number_}; }

   private:
    parley_status start() {
      const auto* t = edge_->cache;
      switch (op_) {
        case operation::get:
          return t->get(edge_->self, pool_, bytes(key_), this, done);
        case operation::set:
          return t->set(edge_->self, pool_, bytes(key_), bytes(value_), ttl_, this, done);
        case operation::erase:
          return t->erase(edge_->self, pool_, bytes(key_), this, done);
        case operation::add:
          return t->add(edge_->self, pool_, bytes(key_), delta_, ttl_, this, done);
      }
      return PARLEY_FAULT;
    }
    static void done(void* raw, parley_status s, parley_bytes value, std::int64_t number) {
      auto& self = *static_cast<command*>(raw);
      self.status_ = static_cast<status>(s);
      if (value.data) self.found_.emplace(view(value));
      self.number_ = number;
      self.awaiting_.resume();
    }

    const edge* edge_;
    const char* pool_;
    operation op_;
    std::string key_;
    std::string value_;
    std::int64_t delta_;
    std::uint64_t ttl_;
    std::coroutine_handle<> awaiting_;
    status status_ = status::ok;
    std::optional<std::string> found_;
    std::int64_t number_ = 0;
  };

  command get(std::string_view key) const { return make(operation::get, key); }
  command set(std::string_view key, std::string_view value, std::uint64_t ttl_ms) const {
    return make(operation::set, key, value, 0, ttl_ms);
  }
  command erase(std::string_view key) const { return make(operation::erase, key); }
  command add(std::string_view key, std::int64_t delta, std::uint64_t ttl_ms) const {
    return make(operation::add, key, {}, delta, ttl_ms);
  }

 private:
  command make(operation op, std::string_view key, std::string_view value = {}, std::int64_t delta = 0,
               std::uint64_t ttl = 0) const {
    return {edge_, pool_, op, std::string(key), std::string(value), delta, ttl};
  }
  const edge* edge_;
  const char* pool_;
};

}  // namespace parley
