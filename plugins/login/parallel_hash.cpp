#include "parallel_hash.hpp"

#include <algorithm>
#include <chrono>

namespace login {
namespace {

constexpr auto slice = std::chrono::milliseconds(20);
constexpr std::uint64_t retry_ms = 50;

}  // namespace

bool parallel_hash::await_suspend(std::coroutine_handle<> awaiting) {
  awaiting_ = awaiting;
  parley_work_load load{};
  load.size = sizeof load;
  edge_->worker->load(edge_->self, pool_, &load);
  const std::size_t wanted = std::min<std::size_t>(std::max(load.threads, 1u), users_.size());
  while (jobs_ < wanted) {
    verdict_ = submit();
    if (verdict_ != parley::status::ok) break;
    ++jobs_;
  }
  if (jobs_ > 0) verdict_ = parley::status::ok;
  return jobs_ > 0;
}

parley::status parallel_hash::submit() {
  parley_work job{};
  job.size = sizeof job;
  job.pool = pool_;
  job.origin = "users import";
  job.context = this;
  job.work = [](void* self) { return static_cast<parallel_hash*>(self)->work(); };
  job.done = [](void* self, parley_status s) {
    static_cast<parallel_hash*>(self)->done(static_cast<parley::status>(s));
  };
  return static_cast<parley::status>(edge_->worker->run(edge_->self, &job));
}

parley_status parallel_hash::work() {
  try {
    const auto until = std::chrono::steady_clock::now() + slice;
    do {
      const std::size_t i = next_.fetch_add(1);
      if (i >= users_.size()) break;
      users_[i].secret = store_form(users_[i].user.secret, effort_, keep_md5_);
    } while (std::chrono::steady_clock::now() < until);
    return PARLEY_OK;
  } catch (...) {
    return PARLEY_FAULT;
  }
}

void parallel_hash::done(parley::status s) {
  if (s != parley::status::ok) verdict_ = s;
  if (verdict_ == parley::status::ok && next_.load() < users_.size()) {
    const auto again = submit();
    if (again == parley::status::ok) return;
    if (again == parley::status::busy && jobs_ == 1) {
      edge_->timer->start(edge_->self, retry_ms, 0, "users import", this,
                          [](void* self) { static_cast<parallel_hash*>(self)->done(parley::status::ok); });
      return;
    }
    if (again != parley::status::busy) verdict_ = again;
  }
  if (--jobs_ == 0) awaiting_.resume();
}

}  // namespace login
