// Doing what the operator can: `co_await operate().run("users list", R"({"page":"1"})")`. Needs `may_operate` in the
// manifest, and a host of ABI 1.4; on an older one every verb is unavailable. [loop]
#pragma once

#include <coroutine>
#include <string>

#include "abi/operate.h"
#include "bytes.hpp"
#include "edge.hpp"
#include "status.hpp"

namespace parley {

class operations {
 public:
  explicit operations(const edge* e) : edge_(e) {}

  class awaiter {
   public:
    awaiter(const edge* e, std::string verb, std::string args, std::uint32_t deadline_ms, const char* origin)
        : edge_(e), verb_(std::move(verb)), args_(std::move(args)), deadline_ms_(deadline_ms), origin_(origin) {}
    bool await_ready() const noexcept { return false; }
    bool await_suspend(std::coroutine_handle<> awaiting) {
      awaiting_ = awaiting;
      const auto* table = table_of(edge_);
      if (!table) {
        result_ = error{status::unavailable, "this host is older than parley.operate/1"};
        return false;
      }
      const parley_operation raw{sizeof raw, deadline_ms_, bytes(verb_), bytes(args_), origin_, this, nullptr, done};
      const auto s = static_cast<status>(table->run(edge_->self, &raw));
      if (s == status::ok) return true;
      result_ = error{s, s == status::not_allowed ? "the manifest's may_operate does not grant this plugin " + verb_
                                                  : verb_ + ": " + std::string(to_string(s))};
      return false;
    }
    /// The verb's JSON, or what went wrong with a sentence.
    result<std::string> await_resume() { return std::move(result_); }

   private:
    static void done(void* raw, parley_status s, parley_bytes text) {
      auto& self = *static_cast<awaiter*>(raw);
      if (s == PARLEY_OK) {
        self.result_ = std::string(view(text));
      } else {
        self.result_ = error{static_cast<status>(s), std::string(view(text))};
      }
      self.awaiting_.resume();
    }
    const edge* edge_;
    std::string verb_;
    std::string args_;
    std::uint32_t deadline_ms_;
    const char* origin_;
    std::coroutine_handle<> awaiting_;
    result<std::string> result_{status::fault};
  };

  /// `args`: a JSON object of plain values.
  awaiter run(std::string verb, std::string args = "{}", std::uint32_t deadline_ms = 0,
              const char* origin = __builtin_FUNCTION()) const {
    return {edge_, std::move(verb), std::move(args), deadline_ms, origin};
  }

 private:
  static const parley_operate_1* table_of(const edge* e) {
    if (e->host->abi_minor < 4) return nullptr;
    return static_cast<const parley_operate_1*>(e->host->get_interface(e->self, PARLEY_OPERATE_1));
  }
  const edge* edge_;
};

}  // namespace parley
