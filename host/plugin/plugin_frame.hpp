// A step of the loop into a plugin's code: noted for the crash handler and the stall watch, and booked on its account.
#pragma once

#include "host/crash/context.hpp"
#include "host/plugin/generation.hpp"
#include "host/plugin/stall_watch.hpp"

namespace parley::host {

/// Around every call of the host into a plugin on the loop. `origin` is static text. The generation outlives it: what
/// pins it is released after the frame. [loop]
class plugin_frame {
 public:
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-member-init): most steps are not measured, and each store counts here
  plugin_frame(generation& g, const char* origin, std::uint32_t command = 0)
      : generation_(g), step_(g.crash_entry(), origin, command), began_ns_(g.account.begin()) {
    if (began_ns_) [[unlikely]]
      weight_ = g.account.weight();
    stall_watch::stay_awake();
  }
  /// What was in flight goes on, for the command it was made in.
  explicit plugin_frame(const pin& p) : plugin_frame(*p.of, p.origin, p.command) {}
  plugin_frame(const plugin_frame&) = delete;
  ~plugin_frame() {
    if (began_ns_) [[unlikely]]
      generation_.account.end(began_ns_, weight_);
  }

  /// 0 when this one is not measured.
  std::uint64_t began_ns() const { return began_ns_; }
  std::uint32_t weight() const { return weight_; }

 private:
  generation& generation_;
  crash::scope step_;
  std::uint64_t began_ns_;
  std::uint32_t weight_;  // of a measured one
};

/// The same on a pool's thread, for the crash handler alone. [worker]
class worker_frame {
 public:
  explicit worker_frame(const pin& p) : step_(p.of->crash_entry(), p.origin, p.command) {}

 private:
  crash::scope step_;
};

}  // namespace parley::host
