// A pin: one thing in flight that keeps a generation loaded. Embedded in what it stands for; taken and released on the
// loop by host code only, after the last plugin frame has returned.
#pragma once

#include <cstdint>

#include "host/base/intrusive_list.hpp"

namespace parley::host {

class generation;

enum class pin_kind : std::uint8_t { request, call, job, lane_item, timer, post, verb, exchange };

struct pin : list_hook {
  pin_kind kind = pin_kind::request;
  std::uint16_t command = 0;  // in whose service it was made; 0 = none
  generation* of = nullptr;
  const char* origin = "";     // where it was made; static in the plugin or the host
  std::uint64_t since_ms = 0;  // loop clock

  pin() = default;
  pin(const pin&) = delete;
  pin& operator=(const pin&) = delete;
  ~pin() { release(); }

  /// A pinned pin moves to the new generation.
  void take(generation& g, pin_kind k, const char* where);
  void release();
};

const char* to_string(pin_kind k);

}  // namespace parley::host
