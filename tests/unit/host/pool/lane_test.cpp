#include "host/pool/lane.hpp"

#include <algorithm>

#include "parley/lane.hpp"
#include "tests/unit/host/pool/gate.hpp"
#include "tests/unit/host/pool/plugin_edge.hpp"
#include "tests/unit/host/pool/support.hpp"

namespace parley::host {
namespace {

class lanes : public pool_test {
 protected:
  /// A plugin's instance: what its batch function saw.
  struct plugin {
    lanes* test = nullptr;
    std::vector<std::size_t> batches;
    gate* hold = nullptr;  // passed by the first batch
    bool leave_open = false;
  };
  struct item {
    int value = 0;
    std::string name;
    plugin* by = nullptr;
    parley_status outcome = PARLEY_OK;  // its own, from inside the batch
    parley_status verdict = -1;         // what done() was told
    std::vector<int>* order = nullptr;
  };

  static parley_status insert_all(void* raw, parley_sql_connection* connection, void* const* items, std::size_t count) {
    auto& self = *static_cast<plugin*>(raw);
    if (self.hold) std::exchange(self.hold, nullptr)->pass();
    self.batches.push_back(count);
    auto& db = sql_connection::of(connection);
    if (auto s = db.begin(); s != PARLEY_OK) return s;
    for (std::size_t i = 0; i < count; ++i) {
      const auto& one = *static_cast<item*>(items[i]);
      EXPECT_EQ(one.by, &self);
      const parley_sql_value values[] = {number(one.value)};
      if (auto s = db.execute("INSERT INTO t(a) VALUES (?)", values); s != PARLEY_OK) return s;
    }
    return self.leave_open ? PARLEY_OK : db.commit();
  }

  void open_with_lane(std::uint32_t max_batch, std::uint32_t max_queue) {
    open_pool();
    ASSERT_EQ(write("CREATE TABLE t(id {id}, a {u64}, name {text:8}, UNIQUE(name))"), status::ok);
    lane_ = std::make_unique<lane>(*pool_, "messages", max_batch, max_queue);
  }
  void TearDown() override {
    pool_->shutdown(false);
    while (lane_ && !lane_->idle()) loop_.turn(false);
    lane_.reset();
    pool_test::TearDown();
  }

  status enqueue(item& i, plugin& p, decltype(lane_item::batch) batch = insert_all) {
    i.by = &p;
    lane_item raw;
    raw.generation = raw.plugin = &p;
    raw.batch = batch;
    raw.item = raw.context = &i;
    raw.origin = "a lane test";
    raw.done = [](void* context, parley_status verdict) {
      auto& self = *static_cast<item*>(context);
      self.verdict = verdict;
      if (self.order) self.order->push_back(self.value);
    };
    return lane_->enqueue(raw);
  }
  void finish_all() {
    while (lane_->queued()) loop_.turn(true);
  }
  std::string stored() {
    std::string found;
    EXPECT_EQ(read("SELECT group_concat(a) FROM (SELECT a FROM t ORDER BY id)", found), status::ok);
    return found;
  }

  std::unique_ptr<lane> lane_;
};

TEST_F(lanes, items_of_one_turn_are_one_batch) {
  open_with_lane(100, 1000);
  plugin p;
  std::vector<item> items(5);
  for (int i = 0; i < 5; ++i) {
    items[static_cast<std::size_t>(i)].value = i;
    ASSERT_EQ(enqueue(items[static_cast<std::size_t>(i)], p), status::ok);
  }
  EXPECT_TRUE(p.batches.empty());
  finish_all();
  EXPECT_EQ(p.batches, (std::vector<std::size_t>{5}));
  for (const auto& i : items) EXPECT_EQ(i.verdict, PARLEY_OK);
  EXPECT_EQ(stored(), "0,1,2,3,4");
}

TEST_F(lanes, while_one_batch_commits_the_next_collects_in_order) {
  open_with_lane(8, 1000);
  gate hold;
  plugin p;
  p.hold = &hold;
  std::vector<item> items(21);
  std::vector<int> order;
  std::string wanted;
  for (std::size_t i = 0; i < items.size(); ++i) {
    items[i].value = static_cast<int>(i);
    items[i].order = &order;
    ASSERT_EQ(enqueue(items[i], p), status::ok);
    loop_.turn(false);
    if (i == 0) hold.wait_until_inside();
    wanted += (i ? "," : "") + std::to_string(i);
  }
  hold.open();
  finish_all();
  EXPECT_EQ(p.batches, (std::vector<std::size_t>{1, 8, 8, 4}));
  EXPECT_EQ(stored(), wanted);
  for (std::size_t i = 0; i < items.size(); ++i) EXPECT_EQ(order[i], static_cast<int>(i));
  EXPECT_EQ(lane_->stats().items, 21u);
  EXPECT_EQ(lane_->stats().batch_sizes.count(), 4u);
}

TEST_F(lanes, a_generation_boundary_cuts_the_batch) {
  open_with_lane(100, 1000);
  plugin old, young;
  std::vector<item> items(9);
  for (std::size_t i = 0; i < items.size(); ++i) {
    items[i].value = static_cast<int>(i);
    ASSERT_EQ(enqueue(items[i], i < 3 || i == 8 ? old : young), status::ok);
  }
  finish_all();
  EXPECT_EQ(old.batches, (std::vector<std::size_t>{3, 1}));
  EXPECT_EQ(young.batches, (std::vector<std::size_t>{5}));
  EXPECT_EQ(stored(), "0,1,2,3,4,5,6,7,8");
}

TEST_F(lanes, the_pool_s_limit_of_one_means_no_group_commit) {
  config_.max_batch = 1;
  open_with_lane(100, 1000);
  EXPECT_EQ(lane_->max_batch(), 1u);
  plugin p;
  std::vector<item> items(3);
  for (auto& i : items) ASSERT_EQ(enqueue(i, p), status::ok);
  finish_all();
  EXPECT_EQ(p.batches, (std::vector<std::size_t>{1, 1, 1}));
}

TEST_F(lanes, a_full_queue_is_busy_at_once) {
  open_with_lane(10, 3);
  plugin p;
  std::vector<item> items(4);
  for (std::size_t i = 0; i < 3; ++i) ASSERT_EQ(enqueue(items[i], p), status::ok);
  EXPECT_EQ(enqueue(items[3], p), status::busy);
  EXPECT_EQ(lane_->stats().busy, 1u);
  finish_all();
  EXPECT_EQ(items[3].verdict, -1);
  EXPECT_EQ(enqueue(items[3], p), status::ok);
  finish_all();
}

TEST_F(lanes, a_batch_that_fails_tells_all_its_items) {
  open_with_lane(10, 100);
  plugin p;
  const auto failing = [](void*, parley_sql_connection*, void* const*, std::size_t) -> parley_status {
    return PARLEY_FAULT;
  };
  std::vector<item> items(3);
  for (std::size_t i = 0; i < 2; ++i) ASSERT_EQ(enqueue(items[i], p, failing), status::ok);
  ASSERT_EQ(enqueue(items[2], p), status::ok);
  finish_all();
  EXPECT_EQ(items[0].verdict, PARLEY_FAULT);
  EXPECT_EQ(items[1].verdict, PARLEY_FAULT);
  EXPECT_EQ(items[2].verdict, PARLEY_OK);
  EXPECT_EQ(lane_->stats().errors, 2u);
}

TEST_F(lanes, a_transaction_left_open_is_rolled_back_before_the_next_batch) {
  open_with_lane(1, 100);
  plugin careless, careful;
  careless.leave_open = true;
  item a, b;
  a.value = 1;
  b.value = 2;
  ASSERT_EQ(enqueue(a, careless), status::ok);
  ASSERT_EQ(enqueue(b, careful), status::ok);
  finish_all();
  EXPECT_EQ(b.verdict, PARLEY_OK);
  EXPECT_EQ(stored(), "2");
  EXPECT_NE(log().find("a lane test left a transaction open"), std::string::npos);
}

TEST_F(lanes, while_the_database_is_away_items_fail_and_later_ones_succeed) {
  open_with_lane(4, 100);
  gate hold;
  plugin p;
  p.hold = &hold;
  std::vector<item> items(10);
  for (auto& i : items) {
    ASSERT_EQ(enqueue(i, p), status::ok);
    loop_.turn(false);
  }
  hold.wait_until_inside();
  std::filesystem::rename(path_, path_ + ".moved");
  hold.open();
  finish_all();
  for (const auto& i : items) EXPECT_EQ(i.verdict, PARLEY_UNAVAILABLE);
  item refused;
  EXPECT_EQ(enqueue(refused, p), status::unavailable);
  std::filesystem::rename(path_ + ".moved", path_);
  item later;
  eventually([&] { return enqueue(later, p) == status::ok; });
  finish_all();
  EXPECT_EQ(later.verdict, PARLEY_OK);
}

TEST_F(lanes, items_that_waited_too_long_are_not_started) {
  config_.deadline = milliseconds(1);
  open_with_lane(10, 100);
  gate hold;
  lambda_job running;
  running.deadline_ms = patient_ms;
  ASSERT_EQ(submit(running, PARLEY_SQL_WRITE, [&](sql_connection&) { return hold.pass(), PARLEY_OK; }), status::ok);
  hold.wait_until_inside();
  plugin p;
  std::vector<item> items(3);
  for (auto& i : items) ASSERT_EQ(enqueue(i, p), status::ok);
  loop_.turn(false);
  std::this_thread::sleep_for(milliseconds(5));
  hold.open();
  finish_all();
  for (const auto& i : items) EXPECT_EQ(i.verdict, PARLEY_TIMEOUT);
  EXPECT_TRUE(p.batches.empty());
  EXPECT_EQ(lane_->stats().expired, 3u);
  EXPECT_EQ(finish(running), status::ok);
}

TEST_F(lanes, jobs_get_their_turn_between_two_batches) {
  open_with_lane(1, 100);
  gate hold;
  plugin p;
  p.hold = &hold;
  std::vector<item> items(20);
  for (auto& i : items) ASSERT_EQ(enqueue(i, p), status::ok);
  loop_.turn(false);
  hold.wait_until_inside();
  lambda_job job;
  std::string before;
  ASSERT_EQ(submit(job, PARLEY_SQL_WRITE,
                   [&](sql_connection& db) {
                     before = one(db, "SELECT count(*) FROM t", {}, "i");
                     return PARLEY_OK;
                   }),
            status::ok);
  hold.open();
  EXPECT_EQ(finish(job), status::ok);
  EXPECT_EQ(before, "1");
  finish_all();
}

TEST_F(lanes, shutdown_answers_every_item_once) {
  open_with_lane(2, 100);
  plugin p;
  std::vector<item> items(9);
  for (std::size_t i = 0; i < items.size(); ++i) {
    ASSERT_EQ(enqueue(items[i], p), status::ok);
    if (i == 4) loop_.turn(false);
  }
  pool_->shutdown(false);
  finish_all();
  for (const auto& i : items) EXPECT_TRUE(i.verdict == PARLEY_OK || i.verdict == PARLEY_CANCELLED) << i.verdict;
  EXPECT_EQ(items.back().verdict, PARLEY_CANCELLED);
  EXPECT_TRUE(lane_->idle());
  item more;
  EXPECT_EQ(enqueue(more, p), status::cancelled);
}

TEST_F(lanes, under_traffic_a_file_that_comes_and_goes_loses_nothing_acknowledged) {
  open_with_lane(16, 64);
  plugin p;
  std::vector<item> items(3000);
  std::size_t next = 0, accepted = 0;
  std::vector<int> order;
  for (int turn = 0; next < items.size(); ++turn) {
    if (turn % 100 == 30) std::filesystem::rename(path_, path_ + ".moved");
    if (turn % 100 == 60) std::filesystem::rename(path_ + ".moved", path_);
    for (int i = 0; i < 7 && next < items.size(); ++i) {
      auto& one = items[next++];
      one.value = static_cast<int>(next);
      one.order = &order;
      if (enqueue(one, p) == status::ok) ++accepted;
    }
    loop_.turn(false);
    std::this_thread::sleep_for(std::chrono::microseconds(300));
  }
  if (!std::filesystem::exists(path_)) std::filesystem::rename(path_ + ".moved", path_);
  finish_all();
  EXPECT_EQ(order.size(), accepted);
  EXPECT_TRUE(std::is_sorted(order.begin(), order.end()));
  eventually([&] { return run(PARLEY_SQL_READ, [](sql_connection&) { return PARLEY_OK; }) == status::ok; });
  const auto found = "," + stored() + ",";
  std::size_t acknowledged = 0;
  for (const auto& i : items) {
    if (i.verdict != PARLEY_OK) continue;
    ++acknowledged;
    EXPECT_NE(found.find("," + std::to_string(i.value) + ","), std::string::npos) << i.value;
  }
  EXPECT_GT(acknowledged, 0u);
  EXPECT_LT(acknowledged, items.size());
}

TEST_F(lanes, with_the_sdk_only_the_guilty_items_fail) {
  open_with_lane(100, 1000);
  static const plugin_edge edge;
  const auto bisecting = [](void*, parley_sql_connection* connection, void* const* raw,
                            std::size_t count) -> parley_status {
    std::vector<item*> items;
    for (std::size_t i = 0; i < count; ++i) items.push_back(static_cast<item*>(raw[i]));
    parley::sql db(&edge.edge, connection);
    parley::commit_bisecting(
        db, std::span<item* const>(items),
        [&](std::span<item* const> some) {
          std::vector<sql_value> values;
          for (auto* i : some) {
            values.push_back(i->value);
            values.push_back(i->name);
          }
          db.insert_rows("INSERT INTO t(a, name) VALUES", "", 2, values);
        },
        [](item& i, parley::status code, const std::string&) { i.outcome = parley::raw(code); });
    return PARLEY_OK;
  };
  plugin p;
  std::vector<item> items(64);
  for (std::size_t i = 0; i < items.size(); ++i) {
    items[i].value = static_cast<int>(i);
    items[i].name = i == 40 ? "n7" : i == 13 ? "much too long" : "n" + std::to_string(i);
    ASSERT_EQ(enqueue(items[i], p, bisecting), status::ok);
  }
  finish_all();
  for (std::size_t i = 0; i < items.size(); ++i) {
    EXPECT_EQ(items[i].verdict, PARLEY_OK);
    EXPECT_EQ(items[i].outcome, i == 40 ? PARLEY_CONFLICT : i == 13 ? PARLEY_DATA_ERROR : PARLEY_OK) << i;
  }
  std::string found;
  ASSERT_EQ(read("SELECT count(*) FROM t", found), status::ok);
  EXPECT_EQ(found, "62");
}

TEST_F(lanes, what_waits_of_a_cancelled_generation_is_answered_so_and_the_rest_is_served) {
  open_with_lane(8, 1000);
  gate hold;
  plugin p, other;
  p.hold = &hold;
  item running{1}, waits{2}, stays{3};
  ASSERT_EQ(enqueue(running, p), status::ok);
  loop_.turn(false);
  hold.wait_until_inside();
  ASSERT_EQ(enqueue(waits, p), status::ok);
  ASSERT_EQ(enqueue(stays, other), status::ok);
  lane_->cancel(&p);
  hold.open();
  finish_all();
  EXPECT_EQ(running.verdict, PARLEY_OK);
  EXPECT_EQ(waits.verdict, PARLEY_CANCELLED);
  EXPECT_EQ(stays.verdict, PARLEY_OK);
  EXPECT_EQ(lane_->stats().expired, 0u);
  EXPECT_EQ(stored(), "1,3");
}

}  // namespace
}  // namespace parley::host
