// Many timers on one of the loop's. [loop]
#pragma once

#include <functional>
#include <queue>
#include <vector>

#include "host/base/slot_map.hpp"
#include "host/net/loop_timer.hpp"
#include "host/plugin/pin.hpp"

namespace parley::host {

class timers {
 public:
  explicit timers(loop& l) : loop_(l), alarm_(l, [this] { run_due(); }) {}
  timers(const timers&) = delete;

  using fire_function = void (*)(void* context);
  /// Fires after delay_ms, then every repeat_ms (0 = once). `owner` may be null (the host itself).
  std::uint64_t start(generation* owner, std::uint64_t delay_ms, std::uint64_t repeat_ms, const char* origin,
                      void* context, fire_function fire);
  void stop(std::uint64_t id);
  /// Takes back what a generation left. Its timers no longer fire.
  void stop_all(generation& owner);
  /// Fires what came due while the owner's timers were held.
  void resume(generation& owner);
  /// Fires at once, and once only, what waits for a moment: nothing of the owner repeats any more.
  void expedite(generation& owner);

 private:
  struct timer {
    pin owner;
    std::uint64_t repeat_ms = 0;
    void* context = nullptr;
    fire_function fire = nullptr;
    bool held = false;  // came due while its owner did not serve
    void reset() {
      owner.release();
      held = false;
    }
  };
  struct due {
    std::uint64_t at;
    std::uint64_t id;
    bool operator>(const due& o) const { return at > o.at; }
  };
  static void call(timer& t);
  void arm();
  void run_due();

  loop& loop_;
  loop_timer alarm_;
  slot_map<timer> timers_;
  std::priority_queue<due, std::vector<due>, std::greater<>> queue_;
};

}  // namespace parley::host
