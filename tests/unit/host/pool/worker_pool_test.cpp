#include "host/pool/worker_pool.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <optional>

#include "tests/unit/host/pool/gate.hpp"

namespace parley::host {
namespace {

class worker_pools : public testing::Test {
 protected:
  struct lambda_job : worker_job {
    std::function<parley_status()> fn;
    std::optional<status> answer;
  };
  status submit(lambda_job& job, std::function<parley_status()> fn) {
    job.fn = std::move(fn);
    job.context = &job;
    job.work = [](void* raw) { return static_cast<lambda_job*>(raw)->fn(); };
    job.done = [](worker_job& self, status outcome) { static_cast<lambda_job&>(self).answer = outcome; };
    return pool_.submit(job);
  }
  status finish(lambda_job& job) {
    while (!job.answer) loop_.turn(true);
    return *job.answer;
  }
  static parley_status nothing() { return PARLEY_OK; }

  loop loop_;
  worker_pool pool_{loop_, {.name = "test", .threads = 1, .queue = 2}};
  gate gate_;
};

TEST_F(worker_pools, runs_beside_the_loop_and_answers_on_it) {
  lambda_job job;
  std::thread::id worker;
  ASSERT_EQ(submit(job, [&] { return worker = std::this_thread::get_id(), PARLEY_NO_TARGET; }), status::ok);
  EXPECT_FALSE(job.answer);
  EXPECT_EQ(finish(job), status::no_target);
  EXPECT_NE(worker, std::this_thread::get_id());
  EXPECT_EQ(pool_.stats().errors, 1u);
}

TEST_F(worker_pools, a_full_queue_is_busy_and_load_tells_so) {
  lambda_job running, a, b, c;
  submit(running, [&] { return gate_.pass(), PARLEY_OK; });
  gate_.wait_until_inside();
  EXPECT_EQ(submit(a, nothing), status::ok);
  EXPECT_EQ(submit(b, nothing), status::ok);
  EXPECT_EQ(submit(c, nothing), status::busy);
  const auto load = pool_.load();
  EXPECT_EQ(load.threads, 1u);
  EXPECT_EQ(load.running, 1u);
  EXPECT_EQ(load.queued, 2u);
  EXPECT_EQ(load.capacity, 2u);
  gate_.open();
  EXPECT_EQ(finish(b), status::ok);
  EXPECT_EQ(*a.answer, status::ok);
}

TEST_F(worker_pools, a_job_that_waited_too_long_is_answered_in_time) {
  lambda_job running, late;
  submit(running, [&] { return gate_.pass(), PARLEY_OK; });
  gate_.wait_until_inside();
  late.deadline_ms = 1;
  bool started = false;
  ASSERT_EQ(submit(late, [&] { return started = true, PARLEY_OK; }), status::ok);
  EXPECT_EQ(finish(late), status::timeout);
  EXPECT_FALSE(started);
  EXPECT_FALSE(running.answer);
  gate_.open();
  EXPECT_EQ(finish(running), status::ok);
}

TEST_F(worker_pools, shutdown_drains_or_cancels) {
  lambda_job a, b;
  ASSERT_EQ(submit(a, nothing), status::ok);
  pool_.shutdown(true);
  EXPECT_EQ(submit(b, nothing), status::cancelled);
  EXPECT_EQ(finish(a), status::ok);
}

TEST_F(worker_pools, shutdown_without_drain_cancels_what_waits) {
  lambda_job running, waiting;
  submit(running, [&] { return gate_.pass(), PARLEY_OK; });
  gate_.wait_until_inside();
  ASSERT_EQ(submit(waiting, nothing), status::ok);
  std::thread opener([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    gate_.open();
  });
  pool_.shutdown(false);
  opener.join();
  EXPECT_EQ(finish(waiting), status::cancelled);
  EXPECT_EQ(finish(running), status::ok);
}

TEST_F(worker_pools, a_job_may_go_again_from_its_done) {
  struct repeating : lambda_job {
    int left = 1000;
  } job;
  ASSERT_EQ(submit(job, nothing), status::ok);
  job.done = [](worker_job& self, status outcome) {
    auto& r = static_cast<repeating&>(self);
    if (--r.left == 0) {
      r.answer = outcome;
    } else {
      EXPECT_EQ(r.pool->submit(r), status::ok);
    }
  };
  EXPECT_EQ(finish(job), status::ok);
}

}  // namespace
}  // namespace parley::host
