#include "host/plugin/stall_watch.hpp"

#include "host/base/log.hpp"
#include "host/pool/thread.hpp"

namespace parley::host {

namespace {

constexpr std::chrono::milliseconds tick{20};
constexpr unsigned ticks_until_sleep = 10;
constexpr std::uint64_t told_again_ms = 10000;

std::string what_runs(const stall& s) {
  return fmt::format("plugin {} gen {}{}, {}", s.plugin, s.generation,
                     s.command ? fmt::format(", command {:#06x}", s.command) : "", s.origin);
}

/// What was seen at one look.
struct look {
  const crash::generation_entry* generation = nullptr;
  std::uint32_t frames = 0;
};

}  // namespace

thread_local constinit stall_watch* stall_watch::own_ = nullptr;

stall_watch::stall_watch(loop& l, std::function<void(const stall&)> ended)
    : loop_(l), watched_(crash::current), ended_(std::move(ended)) {
  own_ = this;
  thread_ = start_thread("stall-watch", [this] { work(); });
}

stall_watch::~stall_watch() {
  own_ = nullptr;
  {
    std::lock_guard lock(mutex_);
    ending_ = true;
  }
  changed_.notify_all();
  thread_.join();
  watched_.watch_asleep.store(false, std::memory_order_relaxed);
}

void stall_watch::wake() {
  auto* w = own_;
  if (!w) return;
  {
    // Under the lock: else it could fall asleep between looking and waiting.
    std::lock_guard lock(w->mutex_);
    w->watched_.watch_asleep.store(false, std::memory_order_relaxed);
  }
  w->changed_.notify_all();
}

bool stall_watch::wait_for_tick(bool idle) {
  std::unique_lock lock(mutex_);
  if (idle) {
    watched_.watch_asleep.store(true, std::memory_order_relaxed);
    changed_.wait(lock, [this] { return ending_ || !watched_.watch_asleep.load(std::memory_order_relaxed); });
  }
  changed_.wait_for(lock, tick, [this] { return ending_; });
  return !ending_;
}

void stall_watch::work() {
  look last;
  std::uint64_t since_us = 0, told_ms = 0;
  unsigned quiet = 0;
  stall now;
  bool stalled = false;
  while (wait_for_tick(quiet >= ticks_until_sleep)) {
    const look seen{watched_.generation.load(std::memory_order_relaxed),
                    watched_.frames.load(std::memory_order_relaxed)};
    const bool same_step = seen.generation && seen.generation == last.generation && seen.frames == last.frames;
    quiet = !seen.generation && seen.frames == last.frames ? quiet + 1 : 0;
    last = seen;
    if (same_step) {
      now.ms = (now_us() - since_us) / 1000;
      if (now.ms < threshold_ms) continue;
      if (!stalled) {
        stalled = true;
        told_ms = 0;
        now.plugin = seen.generation->name;
        now.generation = seen.generation->number;
        now.command = watched_.command.load(std::memory_order_relaxed);
        now.origin = watched_.origin.load(std::memory_order_relaxed);
      }
      if (now.ms >= 1000 && now.ms - told_ms >= told_again_ms) {
        told_ms = now.ms;
        log_of("node")->error("the loop has been stuck for {} ms in {}: nobody is served", now.ms, what_runs(now));
      }
      continue;
    }
    if (stalled) {
      now.ms = (now_us() - since_us) / 1000;
      log_of("node")->warn("the loop was stalled for {} ms by {}", now.ms, what_runs(now));
      loop_.post([ended = ended_, over = now] { ended(over); });
      stalled = false;
    }
    since_us = now_us();
  }
}

}  // namespace parley::host
