#include "host/net/loop.hpp"

#include <sys/eventfd.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <memory>
#include <stdexcept>

namespace parley::host {

namespace {

constexpr std::uint64_t virtual_start_ms = 1'000'000;  // of the monotonic clock

struct posted_function : loop_task {
  explicit posted_function(std::function<void()> f) : fn(std::move(f)) {
    run = [](loop_task& self) {
      std::unique_ptr<posted_function> owned(static_cast<posted_function*>(&self));
      owned->fn();
    };
  }
  std::function<void()> fn;
};

}  // namespace

loop::loop(std::optional<std::uint64_t> virtual_unix_ms)
    : thread_(std::this_thread::get_id()),
      virtual_unix_ms_(virtual_unix_ms),
      virtual_ms_(virtual_unix_ms ? virtual_start_ms : 0) {
  if (int e = uv_loop_init(&loop_)) throw std::runtime_error(std::string("uv_loop_init: ") + uv_strerror(e));
  wake_fd_ = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  if (wake_fd_ < 0) throw std::runtime_error(std::string("eventfd: ") + std::strerror(errno));
  wake_.data = this;
  uv_poll_init(&loop_, &wake_, wake_fd_);
  uv_poll_start(&wake_, UV_READABLE, [](uv_poll_t* h, int, int) { static_cast<loop*>(h->data)->run_posted(); });
  uv_unref(reinterpret_cast<uv_handle_t*>(&wake_));
  prepare_.data = this;
  uv_prepare_init(&loop_, &prepare_);
  // Prepare handles run right before the loop blocks for I/O: the end of a turn.
  uv_prepare_start(&prepare_, [](uv_prepare_t* h) {
    auto& self = *static_cast<loop*>(h->data);
    self.end_turn();
    if (self.busy_polling_) self.look_or_sleep();
  });
  uv_unref(reinterpret_cast<uv_handle_t*>(&prepare_));
  uv_idle_init(&loop_, &looking_);
  uv_unref(reinterpret_cast<uv_handle_t*>(&looking_));
}

loop::~loop() {
  uv_walk(
      &loop_,
      [](uv_handle_t* h, void*) {
        if (!uv_is_closing(h)) uv_close(h, nullptr);
      },
      nullptr);
  uv_run(&loop_, UV_RUN_DEFAULT);
  uv_loop_close(&loop_);
  close(wake_fd_);
}

void loop::run() {
  thread_ = std::this_thread::get_id();
  // An idle node has nothing but unreferenced handles; it still waits for signals and posts.
  uv_ref(reinterpret_cast<uv_handle_t*>(&wake_));
  uv_run(&loop_, UV_RUN_DEFAULT);
  uv_unref(reinterpret_cast<uv_handle_t*>(&wake_));
}

void loop::turn(bool wait) {
  uv_ref(reinterpret_cast<uv_handle_t*>(&wake_));
  uv_run(&loop_, wait ? UV_RUN_ONCE : UV_RUN_NOWAIT);
  uv_unref(reinterpret_cast<uv_handle_t*>(&wake_));
  end_turn();
}

void loop::post(loop_task& task) {
  auto* head = posted_.load(std::memory_order_relaxed);
  do {
    task.next = head;
  } while (!posted_.compare_exchange_weak(head, &task, std::memory_order_release, std::memory_order_relaxed));
  // Whoever found the list empty wakes the loop; the rest ride along.
  if (!head) eventfd_write(wake_fd_, 1);
}

void loop::post(std::function<void()> fn) {
  post(*new posted_function(std::move(fn)));
}

void loop::run_posted() {
  // Before the list is taken: what comes after that wakes the loop anew.
  eventfd_t count;
  eventfd_read(wake_fd_, &count);
  loop_task* list = posted_.exchange(nullptr, std::memory_order_acquire);
  loop_task* ordered = nullptr;
  if (list) worked();
  while (list) {
    auto* next = list->next;
    list->next = ordered;
    ordered = list;
    list = next;
  }
  while (ordered) {
    auto* task = ordered;
    ordered = task->next;
    task->run(*task);
  }
}

void loop::busy_poll() {
  busy_polling_ = std::thread::hardware_concurrency() > 1;
}

void loop::look_or_sleep() {
  const bool looks = uv_is_active(reinterpret_cast<uv_handle_t*>(&looking_));
  const bool wanted = uv_hrtime() - worked_ns_ < longest_look_ns;
  if (wanted && !looks) uv_idle_start(&looking_, [](uv_idle_t*) {});
  if (!wanted && looks) uv_idle_stop(&looking_);
}

void loop::end_turn() {
  ++turns_;
  // What is deferred while deferred work runs, or by sessions that close in the flush, still belongs to this turn.
  do {
    while (something_deferred()) {
      running_.swap(deferred_);
      for (auto& fn : running_) fn();
      running_.clear();
      while (!ending_.empty()) {
        auto& task = static_cast<turn_end_task&>(*ending_.next);
        task.unlink();
        task.run();
      }
    }
    if (on_turn_end) on_turn_end();
  } while (something_deferred());
}

std::uint64_t loop::now_ms_anywhere() const {
  return is_virtual() ? virtual_ms_.load(std::memory_order_relaxed) : uv_hrtime() / 1000000;
}

std::uint64_t loop::wall_ms() const {
  return is_virtual() ? *virtual_unix_ms_ + (now_ms() - virtual_start_ms) : unix_ms();
}

std::uint64_t loop::unix_ms() {
  using namespace std::chrono;
  return static_cast<std::uint64_t>(duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count());
}

}  // namespace parley::host
