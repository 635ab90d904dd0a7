#include "parley/task.hpp"

#include <gtest/gtest.h>

#include <stdexcept>
#include <vector>

namespace parley {
namespace {

/// Suspends until the test says so.
struct gate {
  std::coroutine_handle<> waiting;
  bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<> h) { waiting = h; }
  void await_resume() const noexcept {}
};

struct outcome {
  status inline_verdict = status::pending;
  std::vector<status> later;
  bool thrown = false;
};

template <class T>
void start(task<T> t, outcome& o) {
  detail::completion root;
  root.edge = &o;
  root.inline_verdict = &o.inline_verdict;
  root.done = [](detail::completion& self, status verdict, std::exception_ptr thrown) {
    auto& out = *static_cast<outcome*>(const_cast<void*>(self.edge));
    out.thrown = thrown != nullptr;
    if (self.inline_verdict)
      *self.inline_verdict = verdict;
    else
      out.later.push_back(verdict);
  };
  std::move(t).start(root);
}

task<int> twice(int x) {
  co_return 2 * x;
}
task<status> adds(gate& g, int& sum) {
  sum += co_await twice(4);
  co_await g;
  sum += co_await twice(5);
  co_return status::busy;
}
task<> throws() {
  throw std::runtime_error("no");
  co_return;
}
task<> catches(bool& caught) {
  try {
    co_await throws();
  } catch (const std::runtime_error&) {
    caught = true;
  }
}

TEST(task, one_that_never_waits_has_its_verdict_at_once) {
  outcome o;
  bool caught = false;
  start(catches(caught), o);
  EXPECT_TRUE(caught);
  EXPECT_EQ(o.inline_verdict, status::ok);
  EXPECT_TRUE(o.later.empty());
}

TEST(task, one_that_waits_is_pending_and_reports_once_when_resumed) {
  outcome o;
  gate g;
  int sum = 0;
  start(adds(g, sum), o);
  EXPECT_EQ(o.inline_verdict, status::pending);
  EXPECT_EQ(sum, 8);
  g.waiting.resume();
  EXPECT_EQ(sum, 18);
  EXPECT_EQ(o.later, (std::vector<status>{status::busy}));
}

TEST(task, what_it_throws_reaches_the_root) {
  outcome o;
  start(throws(), o);
  EXPECT_TRUE(o.thrown);
}

TEST(task, one_that_is_never_started_leaks_nothing) {
  bool caught = false;
  { auto unused = catches(caught); }
  EXPECT_FALSE(caught);
}

TEST(status, codes_above_ten_reach_a_client_as_the_one_behind_them) {
  EXPECT_EQ(refused_code(status::too_fast), 5u);
  EXPECT_EQ(refused_code(status::timeout), 7u);
  EXPECT_EQ(refused_code(status::data_error), 1u);
  EXPECT_EQ(refused_code(status::retry), 6u);
}

}  // namespace
}  // namespace parley
