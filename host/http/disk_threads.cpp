#include "host/http/disk_threads.hpp"

#include <utility>

namespace parley::host {

namespace {

constexpr std::uint32_t threads = 4;

struct function_job final : disk_job {
  function_job(std::function<void()> w, std::function<void()> t) : work_of(std::move(w)), then(std::move(t)) {}
  void run_on_thread() override { work_of(); }
  void back_on_loop() override {
    if (then) then();
  }
  std::function<void()> work_of, then;
};

}  // namespace

void disk_threads::run(std::unique_ptr<disk_job> job) {
  if (finished_) return job->run_on_thread();
  if (!pool_) {
    worker_pool_config config;
    config.name = "disk";
    config.threads = threads;
    config.queue = 1'000'000;
    pool_.emplace(loop_, config);
  }
  job->context = static_cast<worker_job*>(job.get());
  job->origin = "disk";
  job->work = [](void* context) -> parley_status {
    static_cast<disk_job*>(static_cast<worker_job*>(context))->run_on_thread();
    return PARLEY_OK;
  };
  job->done = [](worker_job& j, status) {
    const std::unique_ptr<disk_job> owned(static_cast<disk_job*>(&j));
    owned->back_on_loop();
  };
  if (pool_->submit(*job) == status::ok) job.release();
}

void disk_threads::run(std::function<void()> work, std::function<void()> then) {
  run(std::make_unique<function_job>(std::move(work), std::move(then)));
}

void disk_threads::finish() {
  if (std::exchange(finished_, true) || !pool_) return;
  pool_->shutdown(true);
  loop_.turn(false);  // hands the finished ones back
  pool_.reset();
}

}  // namespace parley::host
