#pragma once

#include <poll.h>

#include <chrono>

#include "host/net/loop.hpp"

namespace parley::host {

/// Turns the loop until it is so; false after `ms`.
template <class Condition>
bool turn_until(loop& l, Condition&& condition, int ms = 20000) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::milliseconds(ms);
  while (!condition()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    l.turn(false);
    poll(nullptr, 0, 1);
  }
  return true;
}

}  // namespace parley::host
