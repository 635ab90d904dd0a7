// Asking the owner of another command: `co_await calls.call(0x0405, request, principal)`. [loop]
#pragma once

#include <coroutine>
#include <string>

#include "bytes.hpp"
#include "edge.hpp"
#include "status.hpp"

namespace parley {

class calls {
 public:
  explicit calls(const edge* e) : edge_(e) {}

  struct reply {
    std::uint16_t command = 0;
    std::string body;
  };

  class awaiter {
   public:
    awaiter(const edge* e, std::uint16_t command, std::string body, parley_principal principal,
            std::uint32_t deadline_ms, const char* origin)
        : edge_(e),
          command_(command),
          body_(std::move(body)),
          principal_(principal),
          deadline_ms_(deadline_ms),
          origin_(origin) {}
    bool await_ready() const noexcept { return false; }
    bool await_suspend(std::coroutine_handle<> awaiting) {
      awaiting_ = awaiting;
      parley_call raw{sizeof raw, command_, 0, bytes(body_), principal_, deadline_ms_, 0, origin_, this, done};
      auto s = edge_->call->call(edge_->self, &raw);
      if (s == PARLEY_OK) return true;
      result_ = static_cast<status>(s);
      return false;
    }
    result<reply> await_resume() { return std::move(result_); }

   private:
    static void done(void* raw, parley_status s, std::uint16_t command, parley_bytes body) {
      auto& self = *static_cast<awaiter*>(raw);
      if (s == PARLEY_OK) {
        self.result_ = reply{command, std::string(view(body))};
      } else {
        self.result_ = static_cast<status>(s);
      }
      self.awaiting_.resume();
    }
    const edge* edge_;
    std::uint16_t command_;
    std::string body_;
    parley_principal principal_;
    std::uint32_t deadline_ms_;
    const char* origin_;
    std::coroutine_handle<> awaiting_;
    result<reply> result_{status::fault};
  };

  /// As `principal` (id 0 = as the plugin itself). The answer is the owner's first reply.
  template <class Message>
  awaiter call(std::uint16_t command, const Message& message, parley_principal principal = {},
               std::uint32_t deadline_ms = 0, const char* origin = __builtin_FUNCTION()) const {
    encoded body(message);
    return {edge_, command, std::string(view(body)), principal, deadline_ms, origin};
  }

 private:
  const edge* edge_;
};

}  // namespace parley
