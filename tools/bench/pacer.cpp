#include "bench/pacer.hpp"

#include <sys/timerfd.h>
#include <unistd.h>
#include <algorithm>

namespace parley::bench {
namespace {

constexpr std::uint64_t shortest_sleep_ns = 50'000;

}  // namespace

struct pacer::state {
  uv_poll_t handle;
  int fd;
  double period_ns;
  std::uint64_t began_ns;
  std::uint64_t called = 0;
  std::function<void(std::uint64_t)> due;

  std::uint64_t time_of(std::uint64_t call) const {
    return began_ns + static_cast<std::uint64_t>(static_cast<double>(call) * period_ns);
  }

  void arm() const {
    const std::uint64_t now = client::event_loop::now_ns();
    const std::uint64_t next = std::max(time_of(called), now + shortest_sleep_ns);
    itimerspec at{};
    at.it_value.tv_sec = static_cast<time_t>(next / 1'000'000'000);
    at.it_value.tv_nsec = static_cast<long>(next % 1'000'000'000);
    timerfd_settime(fd, TFD_TIMER_ABSTIME, &at, nullptr);
  }

  void wake() {
    std::uint64_t expired = 0;
    if (read(fd, &expired, sizeof expired) < 0) return;
    const std::uint64_t now = client::event_loop::now_ns();
    while (time_of(called) <= now) due(time_of(called++));
    arm();
  }
};

pacer::pacer(client::event_loop& loop, double per_second, std::function<void(std::uint64_t)> due)
    : state_(new state{{},
                       timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC),
                       1e9 / per_second,
                       client::event_loop::now_ns(),
                       0,
                       std::move(due)}) {
  uv_poll_init(loop.uv(), &state_->handle, state_->fd);
  state_->handle.data = state_;
  uv_poll_start(&state_->handle, UV_READABLE, [](uv_poll_t* h, int, int) { static_cast<state*>(h->data)->wake(); });
  state_->arm();
}

pacer::~pacer() {
  uv_poll_stop(&state_->handle);
  uv_close(reinterpret_cast<uv_handle_t*>(&state_->handle), [](uv_handle_t* h) {
    const state* const me = static_cast<state*>(h->data);
    close(me->fd);
    delete me;
  });
}

}  // namespace parley::bench
