// Work that nobody awaits, begun by an event or a timer. [loop]
#pragma once

#include "trampoline.hpp"

namespace parley {

/// Runs the task now, up to its first wait; what it throws is logged. What it waits for keeps the plugin loaded.
template <class T>
void in_background(const edge* e, task<T> work) {
  detail::run_task(std::move(work), e, 0, [](const edge*, std::uint64_t, status) {});
}

/// fn(self) in a later turn of the loop. The plugin lives until then.
template <auto Fn, class Self>
void in_a_later_turn(const edge* e, Self* self) {
  e->host->post(
      e->self,
      [](void* raw) {
        auto& owner = *static_cast<Self*>(raw);
        try {
          (owner.*Fn)();
        } catch (...) {
          detail::verdict_of(owner.host_edge(), std::current_exception());
        }
      },
      self);
}

}  // namespace parley
