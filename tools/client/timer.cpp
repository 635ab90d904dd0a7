#include "client/timer.hpp"

namespace parley::client {

struct timer::state {
  uv_timer_t handle;
  std::function<void()> call;
};

timer::timer(event_loop& loop) : state_(new state) {
  uv_timer_init(loop.uv(), &state_->handle);
  state_->handle.data = state_;
}

timer::~timer() {
  uv_close(reinterpret_cast<uv_handle_t*>(&state_->handle),
           [](uv_handle_t* h) { delete static_cast<state*>(h->data); });
}

void timer::stop() {
  uv_timer_stop(&state_->handle);
}

void timer::start(std::uint64_t after_ms, std::uint64_t repeat_ms, std::function<void()> call) {
  state_->call = std::move(call);
  uv_update_time(state_->handle.loop);
  const auto fire = [](uv_timer_t* h) {
    const auto call_now = static_cast<state*>(h->data)->call;  // the call may start the timer anew
    call_now();
  };
  uv_timer_start(&state_->handle, fire, after_ms, repeat_ms);
}

}  // namespace parley::client
