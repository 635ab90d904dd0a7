#include "client/event_loop.hpp"

#include <csignal>

#include "client/connection_state.hpp"
#include "client/timer.hpp"

namespace parley::client {
namespace {

constexpr std::uint64_t sweep_ms = 1000;

}  // namespace

event_loop::event_loop() : buffer_(std::make_unique<char[]>(connection_state::buffer_size)) {
  std::signal(SIGPIPE, SIG_IGN);
  uv_loop_init(&loop_);
  uv_prepare_init(&loop_, &prepare_);
  prepare_.data = this;
  uv_prepare_start(&prepare_, [](uv_prepare_t* h) { static_cast<event_loop*>(h->data)->flush_dirty(); });
  uv_unref(reinterpret_cast<uv_handle_t*>(&prepare_));
  uv_timer_init(&loop_, &sweeper_);
  sweeper_.data = this;
  uv_timer_start(
      &sweeper_, [](uv_timer_t* h) { static_cast<event_loop*>(h->data)->sweep(); }, sweep_ms, sweep_ms);
  uv_unref(reinterpret_cast<uv_handle_t*>(&sweeper_));
}

/// Connections that part end by themselves, at the latest when the sweeper says so.
event_loop::~event_loop() {
  uv_run(&loop_, UV_RUN_DEFAULT);
  uv_close(reinterpret_cast<uv_handle_t*>(&prepare_), nullptr);
  uv_close(reinterpret_cast<uv_handle_t*>(&sweeper_), nullptr);
  uv_run(&loop_, UV_RUN_DEFAULT);
  uv_loop_close(&loop_);
}

void event_loop::run() {
  uv_run(&loop_, UV_RUN_DEFAULT);
}

bool event_loop::run_until(const std::function<bool()>& finished, std::uint64_t timeout_ms) {
  bool late = false;
  timer limit(*this);
  limit.once(timeout_ms, [&] { late = true; });
  while (!finished()) {
    if (late) return false;
    uv_run(&loop_, UV_RUN_ONCE);
  }
  return true;
}

void event_loop::flush_dirty() {
  // A flush may close a connection, which takes itself out of the list.
  while (!dirty_.empty()) {
    connection_state* next = dirty_.back();
    dirty_.pop_back();
    next->flush();
  }
}

void event_loop::sweep() {
  const std::uint64_t now = now_ms();
  for (std::size_t i = open_.size(); i-- > 0;) {
    if (i < open_.size()) open_[i]->sweep(now);
  }
}

}  // namespace parley::client
