#include "host/dispatch/timers.hpp"

#include "host/plugin/plugin_frame.hpp"

namespace parley::host {

std::uint64_t timers::start(generation* owner, std::uint64_t delay_ms, std::uint64_t repeat_ms, const char* origin,
                            void* context, fire_function fire) {
  if (owner && owner->cancelled) return 0;  // it goes away: nothing is waited for any more
  auto [id, t] = timers_.emplace();
  if (owner) t.owner.take(*owner, pin_kind::timer, origin);
  t.repeat_ms = repeat_ms;
  t.context = context;
  t.fire = fire;
  queue_.push({loop_.now_ms() + delay_ms, id});
  if (queue_.top().id == id) arm();
  return id;
}

void timers::stop(std::uint64_t id) {
  timers_.erase(id);
}  // its queue entry is skipped when it comes up

void timers::stop_all(generation& owner) {
  timers_.each([&](std::uint64_t id, timer& t) {
    if (t.owner.of == &owner) timers_.erase(id);
  });
}

void timers::resume(generation& owner) {
  timers_.each([&](std::uint64_t id, timer& t) {
    if (t.owner.of == &owner && std::exchange(t.held, false)) queue_.push({loop_.now_ms(), id});
  });
  arm();
}

void timers::expedite(generation& owner) {
  timers_.each([&](std::uint64_t id, timer& t) {
    if (t.owner.of != &owner) return;
    if (t.repeat_ms) {
      timers_.erase(id);
    } else {
      t.held = false;
      queue_.push({loop_.now_ms(), id});
    }
  });
  arm();
}

void timers::arm() {
  while (!queue_.empty() && !timers_.find(queue_.top().id)) queue_.pop();
  if (queue_.empty()) return alarm_.stop();
  const auto now = loop_.now_ms();
  const auto at = queue_.top().at;
  alarm_.start(at > now ? at - now : 0);
}

void timers::call(timer& t) {
  const auto fire = t.fire;
  auto* context = t.context;
  // One that fires once stays pinned until its plugin frame has returned.
  if (!t.repeat_ms) t.fire = [](void*) {};
  if (!t.owner.of) return fire(context);
  const plugin_frame frame(t.owner);
  fire(context);
}

void timers::run_due() {
  const auto now = loop_.now_ms();
  while (!queue_.empty() && queue_.top().at <= now) {
    const auto next = queue_.top();
    queue_.pop();
    auto* t = timers_.find(next.id);
    if (!t) continue;
    if (t->owner.of && t->owner.of->timers_held) {
      t->held = true;
      continue;
    }
    const bool once = t->repeat_ms == 0;
    if (!once) queue_.push({now + t->repeat_ms, next.id});
    call(*t);
    if (once) timers_.erase(next.id);
  }
  arm();
}

}  // namespace parley::host
