#include "host/pool/job_queue.hpp"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

#include "host/pool/histogram.hpp"

namespace parley::host {
namespace {

using std::chrono::milliseconds;

std::size_t length(const queue_entry* list) {
  std::size_t n = 0;
  for (; list; list = list->next_entry) ++n;
  return n;
}

TEST(job_queue, first_in_first_out_within_its_bound) {
  job_queue queue(2);
  queue_entry a, b, c;
  EXPECT_EQ(queue.push(a), status::ok);
  EXPECT_EQ(queue.push(b), status::ok);
  EXPECT_EQ(queue.push(c), status::busy);
  EXPECT_EQ(queue.push_unbounded(c), status::ok);
  EXPECT_EQ(queue.size(), 3u);
  EXPECT_EQ(queue.pop(milliseconds(0)), &a);
  EXPECT_EQ(queue.pop(milliseconds(0)), &b);
  EXPECT_EQ(queue.pop(milliseconds(0)), &c);
  EXPECT_EQ(queue.pop(milliseconds(0)), nullptr);
}

TEST(job_queue, one_that_looks_before_it_sleeps_finds_what_comes_in_either) {
  job_queue queue(10, true);
  std::vector<queue_entry> entries(10);
  std::thread pushing([&] {
    for (std::size_t i = 0; i < entries.size(); ++i) {
      // Within the look, and long after it.
      std::this_thread::sleep_for(std::chrono::microseconds(i % 2 ? job_queue::longest_look_us * 20 : 50));
      ASSERT_EQ(queue.push(entries[i]), status::ok);
    }
  });
  for (auto& entry : entries) EXPECT_EQ(queue.pop(milliseconds(10000)), &entry);
  pushing.join();
  EXPECT_EQ(queue.pop(milliseconds(0)), nullptr);
  queue.close();
  EXPECT_EQ(queue.pop(milliseconds(10000)), nullptr);
}

TEST(job_queue, the_expired_are_taken_from_anywhere) {
  job_queue queue(10);
  queue_entry entries[5];
  for (int i = 0; i < 5; ++i) {
    entries[i].expires_us = i % 2 == 0 ? 100 : 0;
    ASSERT_EQ(queue.push(entries[i]), status::ok);
  }
  EXPECT_EQ(queue.take_expired(100), nullptr);
  const auto* expired = queue.take_expired(101);
  EXPECT_EQ(expired, &entries[0]);
  EXPECT_EQ(length(expired), 3u);
  queue_entry last;
  queue.push(last);
  EXPECT_EQ(queue.pop(milliseconds(0)), &entries[1]);
  EXPECT_EQ(queue.pop(milliseconds(0)), &entries[3]);
  EXPECT_EQ(queue.pop(milliseconds(0)), &last);
  EXPECT_EQ(queue.size(), 0u);
}

TEST(job_queue, what_one_owner_has_waiting_is_taken_in_order_and_the_rest_keeps_its_own) {
  job_queue queue(10);
  const int mine = 0, theirs = 0;
  queue_entry entries[5];
  for (int i = 0; i < 5; ++i) {
    entries[i].owner = i % 2 == 0 ? &mine : &theirs;
    ASSERT_EQ(queue.push(entries[i]), status::ok);
  }
  auto* taken = queue.take_owned(&mine);
  EXPECT_EQ(length(taken), 3u);
  for (int i = 0; i < 5; i += 2, taken = taken->next_entry) ASSERT_EQ(taken, &entries[i]);
  EXPECT_EQ(queue.take_owned(&mine), nullptr);
  queue_entry last;
  queue.push(last);
  EXPECT_EQ(queue.size(), 3u);
  EXPECT_EQ(queue.pop(milliseconds(0)), &entries[1]);
  EXPECT_EQ(queue.pop(milliseconds(0)), &entries[3]);
  EXPECT_EQ(queue.pop(milliseconds(0)), &last);
}

TEST(job_queue, refuses_and_accepts_again) {
  job_queue queue(10);
  queue_entry a;
  queue.refuse(status::unavailable);
  EXPECT_EQ(queue.push(a), status::unavailable);
  EXPECT_EQ(queue.push_unbounded(a), status::unavailable);
  queue.accept();
  EXPECT_EQ(queue.push(a), status::ok);
}

TEST(job_queue, closed_it_hands_out_what_is_left_and_stays_closed) {
  job_queue queue(10);
  queue_entry a, b;
  queue.push(a);
  queue.close();
  queue.accept();
  EXPECT_EQ(queue.push(b), status::cancelled);
  EXPECT_EQ(queue.pop(milliseconds(1000)), &a);
  queue.push_again(a);
  EXPECT_EQ(queue.pop(milliseconds(1000)), &a);
  EXPECT_EQ(queue.pop(milliseconds(100000)), nullptr);
  std::uint64_t ends = 0;
  EXPECT_TRUE(queue.pause(milliseconds(100000), ends));
}

TEST(job_queue, wakes_who_waits) {
  job_queue queue(10);
  queue_entry a;
  std::thread waiting([&] {
    EXPECT_EQ(queue.pop(milliseconds(100000)), &a);
    std::uint64_t ends = 0;
    EXPECT_TRUE(queue.pause(milliseconds(100000), ends));
  });
  queue.push(a);
  queue.close();
  waiting.join();
}

TEST(job_queue, a_pause_ends_when_told_even_before_it_began) {
  job_queue queue(10);
  std::uint64_t ends = 0;
  queue.end_pauses();
  EXPECT_FALSE(queue.pause(milliseconds(100000), ends));
  EXPECT_FALSE(queue.pause(milliseconds(1), ends));  // nobody has told since: it lasts
  std::thread pausing([&] { EXPECT_FALSE(queue.pause(milliseconds(100000), ends)); });
  queue.end_pauses();
  pausing.join();
}

TEST(histogram, buckets_are_powers_of_two) {
  histogram h;
  for (std::uint64_t v : {0, 1, 2, 3, 4, 5, 512, 513}) h.add(v);
  h.add(~std::uint64_t{0} >> 1);
  EXPECT_EQ(h.bucket(0), 2u);
  EXPECT_EQ(h.bucket(1), 1u);
  EXPECT_EQ(h.bucket(2), 2u);
  EXPECT_EQ(h.bucket(3), 1u);
  EXPECT_EQ(h.bucket(9), 1u);
  EXPECT_EQ(h.bucket(10), 1u);
  EXPECT_EQ(h.bucket(histogram::buckets - 1), 1u);
  EXPECT_EQ(h.count(), 9u);
}

}  // namespace
}  // namespace parley::host
