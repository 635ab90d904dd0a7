#include <sys/stat.h>
#include "tests/unit/host/pool/gate.hpp"
#include "tests/unit/host/pool/support.hpp"

#include <fstream>
#include <thread>

namespace parley::host {
namespace {

class sql_pools : public pool_test {
 protected:
  void open_with_table() {
    open_pool();
    ASSERT_EQ(write("CREATE TABLE t(a {text:100})"), status::ok);
  }
  status insert(std::string value) { return write("INSERT INTO t(a) VALUES (?)", {text(value)}); }
  std::string count() {
    std::string found = "unread";
    const auto s = read("SELECT count(*) FROM t", found);
    return s == status::ok ? found : std::string(to_string(s));
  }
  /// A writer that is inside a job until the gate opens.
  void occupy(lambda_job& job) {
    ASSERT_EQ(submit(job, PARLEY_SQL_WRITE,
                     [this](sql_connection&) {
                       gate_.pass();
                       return PARLEY_OK;
                     }),
              status::ok);
    gate_.wait_until_inside();
  }
  gate gate_;
};

TEST_F(sql_pools, makes_directory_and_file_for_the_owner_only) {
  path_ = directory_ / "a/b/test.db";
  config_.url = "sqlite://" + path_;
  open_with_table();
  EXPECT_TRUE(pool_->durable() || pool_->durability_text().find("in memory") != std::string::npos)
      << pool_->durability_text();
  struct stat s;
  ASSERT_EQ(::stat(path_.c_str(), &s), 0);
  EXPECT_EQ(s.st_mode & 0007, 0u);
}

TEST_F(sql_pools, says_when_it_is_not_durable) {
  config_.url += "?synchronous=normal";
  open_pool();
  EXPECT_FALSE(pool_->durable());
  EXPECT_NE(pool_->durability_text().find("synchronous"), std::string::npos);
}

TEST_F(sql_pools, refuses_what_it_cannot_open_with_the_file_s_name) {
  for (const std::string bad : {"sqlite:///proc/nope/x.db", "mysql://u:hidden@h/d", "sqlite://x?mode=fast"}) {
    config_.url = bad;
    sql_pool pool(loop_, config_, [](log_level, const std::string&) {});
    const auto opened = pool.open();
    ASSERT_FALSE(opened) << bad;
    EXPECT_FALSE(opened.text().empty());
    EXPECT_EQ(opened.text().find("hidden"), std::string::npos);
  }
  { std::ofstream(path_) << "this is no database, but it is long enough to be looked at"; }
  config_.url = "sqlite://" + path_;
  sql_pool pool(loop_, config_, [](log_level, const std::string&) {});
  const auto opened = pool.open();
  ASSERT_FALSE(opened);
  EXPECT_NE(opened.text().find(path_), std::string::npos) << opened.text();
}

TEST_F(sql_pools, done_comes_later_on_the_loop) {
  open_with_table();
  lambda_job job;
  std::thread::id worker;
  ASSERT_EQ(submit(job, PARLEY_SQL_READ,
                   [&](sql_connection&) {
                     worker = std::this_thread::get_id();
                     return PARLEY_OK;
                   }),
            status::ok);
  EXPECT_FALSE(job.answer);
  EXPECT_EQ(finish(job), status::ok);
  EXPECT_NE(worker, std::this_thread::get_id());
}

TEST_F(sql_pools, a_write_is_seen_by_the_reads_after_it) {
  open_with_table();
  for (int i = 1; i <= 20; ++i) {
    ASSERT_EQ(insert("x"), status::ok);
    ASSERT_EQ(count(), std::to_string(i));
  }
}

TEST_F(sql_pools, reads_run_beside_each_other_and_beside_a_write) {
  open_with_table();
  lambda_job writer, first, second;
  occupy(writer);
  gate both;
  ASSERT_EQ(submit(first, PARLEY_SQL_READ, [&](sql_connection&) { return both.pass(), PARLEY_OK; }), status::ok);
  both.wait_until_inside();
  EXPECT_EQ(count(), "0");
  both.open();
  EXPECT_EQ(finish(first), status::ok);
  EXPECT_FALSE(writer.answer);
  gate_.open();
  EXPECT_EQ(finish(writer), status::ok);
}

TEST_F(sql_pools, a_full_queue_is_busy_at_once) {
  config_.queue = 2;
  open_with_table();
  lambda_job running, a, b, c;
  occupy(running);
  const auto nothing = [](sql_connection&) { return PARLEY_OK; };
  EXPECT_EQ(submit(a, PARLEY_SQL_WRITE, nothing), status::ok);
  EXPECT_EQ(submit(b, PARLEY_SQL_WRITE, nothing), status::ok);
  EXPECT_EQ(submit(c, PARLEY_SQL_WRITE, nothing), status::busy);
  EXPECT_EQ(pool_->writers().queued(), 2u);
  EXPECT_EQ(pool_->writers().stats().busy, 1u);
  gate_.open();
  EXPECT_EQ(finish(b), status::ok);
  EXPECT_FALSE(c.answer);
}

TEST_F(sql_pools, a_job_that_waited_too_long_is_answered_while_the_writer_is_still_busy) {
  open_with_table();
  lambda_job running, late, patient;
  occupy(running);
  bool started = false;
  late.deadline_ms = 1;
  ASSERT_EQ(submit(late, PARLEY_SQL_WRITE, [&](sql_connection&) { return started = true, PARLEY_OK; }), status::ok);
  ASSERT_EQ(submit(patient, PARLEY_SQL_WRITE, [&](sql_connection&) { return PARLEY_OK; }), status::ok);
  EXPECT_EQ(finish(late), status::timeout);
  EXPECT_FALSE(started);
  EXPECT_FALSE(running.answer);
  EXPECT_EQ(pool_->writers().stats().expired, 1u);
  gate_.open();
  EXPECT_EQ(finish(patient), status::ok);
}

TEST_F(sql_pools, a_transaction_left_open_is_rolled_back_and_blamed) {
  open_with_table();
  EXPECT_EQ(run(PARLEY_SQL_WRITE,
                [](sql_connection& db) {
                  db.begin();
                  return db.execute("INSERT INTO t VALUES ('lost')", {});
                }),
            status::ok);
  EXPECT_EQ(count(), "0");
  EXPECT_NE(log().find("a test left a transaction open"), std::string::npos) << log();
  EXPECT_EQ(pool_->writers().stats().abandoned, 1u);
  EXPECT_EQ(insert("kept"), status::ok);
  EXPECT_EQ(count(), "1");
}

TEST_F(sql_pools, a_vanished_file_is_unavailable_is_not_made_again_and_recovers) {
  open_with_table();
  ASSERT_EQ(insert("kept"), status::ok);
  ASSERT_EQ(count(), "1");
  std::filesystem::rename(path_, path_ + ".moved");
  EXPECT_EQ(insert("uncertain"), status::unavailable);
  eventually([&] { return insert("refused") == status::unavailable; });
  EXPECT_EQ(pool_->state(PARLEY_SQL_WRITE), status::unavailable);
  EXPECT_NE(pool_->trouble().find("gone"), std::string::npos) << pool_->trouble();
  EXPECT_FALSE(std::filesystem::exists(path_));
  std::filesystem::rename(path_ + ".moved", path_);
  eventually([&] { return insert("again") == status::ok; });
  EXPECT_EQ(pool_->trouble(), "");
  std::string found;
  ASSERT_EQ(read("SELECT group_concat(a) FROM t", found), status::ok);
  EXPECT_TRUE(found == "kept,uncertain,again" || found == "kept,again") << found;
  EXPECT_NE(log().find("is back"), std::string::npos) << log();
}

TEST_F(sql_pools, readers_notice_a_vanished_file_too) {
  config_.readers = 1;
  open_with_table();
  ASSERT_EQ(count(), "0");
  std::filesystem::rename(path_, path_ + ".moved");
  eventually([&] { return count() == "unavailable"; });
  std::filesystem::rename(path_ + ".moved", path_);
  eventually([&] { return count() == "0"; });
}

TEST_F(sql_pools, another_file_in_its_place_is_taken_up_without_the_old_one_s_log) {
  const auto backup = directory_ / "backup.db";
  {
    sqlite_backend other({backup, milliseconds(50), true});
    ASSERT_TRUE(other.prepare());
    auto db = other.connect(connection_role::writer);
    ASSERT_TRUE(db);
    execute(**db, "CREATE TABLE t(a {text:100})");
    execute(**db, "INSERT INTO t(a) VALUES ('from the backup')");
  }
  open_with_table();
  for (int i = 0; i < 50; ++i) ASSERT_EQ(insert("old"), status::ok);
  ASSERT_EQ(count(), "50");
  std::filesystem::rename(backup, path_);
  eventually([&] { return count() == "1"; });
  eventually([&] { return insert("new") == status::ok; });
  std::string found;
  ASSERT_EQ(read("SELECT group_concat(a) FROM t", found), status::ok);
  EXPECT_EQ(found, "from the backup,new");
  ASSERT_EQ(read("PRAGMA integrity_check", found), status::ok);
  EXPECT_EQ(found, "ok");
  EXPECT_TRUE(std::filesystem::exists(path_ + "-wal.orphan"));
}

TEST_F(sql_pools, a_locked_file_is_unavailable_at_once_and_recovers) {
  open_with_table();
  sqlite_backend other({path_, milliseconds(1000), true});
  auto locker = other.connect(connection_role::writer);
  ASSERT_TRUE(locker) << locker.text();
  ASSERT_EQ((*locker)->begin(), PARLEY_OK);
  const auto transaction = [](sql_connection& db) {
    auto s = db.begin();
    if (s == PARLEY_OK) s = db.execute("INSERT INTO t VALUES ('x')", {});
    return s == PARLEY_OK ? db.commit() : s;
  };
  EXPECT_EQ(run(PARLEY_SQL_WRITE, transaction), status::unavailable);
  eventually([&] { return pool_->state(PARLEY_SQL_WRITE) == status::unavailable; });
  EXPECT_EQ(count(), "0");
  EXPECT_NE(pool_->trouble().find("locked"), std::string::npos) << pool_->trouble();
  ASSERT_EQ((*locker)->rollback(), PARLEY_OK);
  eventually([&] { return run(PARLEY_SQL_WRITE, transaction) == status::ok; });
}

TEST_F(sql_pools, a_full_disk_is_unavailable_until_there_is_room) {
  open_with_table();
  const std::string large(90, 'x');
  // The limit is the connection's own, so that its successor finds room again.
  ASSERT_EQ(write("PRAGMA max_page_count=4"), status::ok);
  status last = status::ok;
  for (int i = 0; i < 1000 && last == status::ok; ++i) last = insert(large);
  EXPECT_EQ(last, status::unavailable);
  eventually([&] { return insert("small") == status::ok; });
  EXPECT_GE(pool_->writers().stats().reconnects, 1u);
}

TEST_F(sql_pools, while_it_is_away_waiting_jobs_are_answered) {
  open_with_table();
  lambda_job running, waiting;
  occupy(running);
  ASSERT_EQ(submit(waiting, PARLEY_SQL_WRITE, [](sql_connection&) { return PARLEY_OK; }), status::ok);
  std::filesystem::rename(path_, path_ + ".moved");
  std::this_thread::sleep_for(milliseconds(1100));
  gate_.open();
  EXPECT_EQ(finish(running), status::ok);
  EXPECT_EQ(finish(waiting), status::unavailable);
}

TEST_F(sql_pools, shutdown_drains_or_cancels_and_takes_no_more) {
  open_with_table();
  lambda_job a, b, c;
  const auto add = [](sql_connection& db) { return db.execute("INSERT INTO t VALUES ('x')", {}); };
  ASSERT_EQ(submit(a, PARLEY_SQL_WRITE, add), status::ok);
  ASSERT_EQ(submit(b, PARLEY_SQL_WRITE, add), status::ok);
  pool_->shutdown(true);
  EXPECT_EQ(submit(c, PARLEY_SQL_WRITE, add), status::cancelled);
  EXPECT_EQ(finish(a), status::ok);
  EXPECT_EQ(finish(b), status::ok);
}

TEST_F(sql_pools, shutdown_without_drain_cancels_what_waits) {
  open_with_table();
  lambda_job running, waiting;
  occupy(running);
  ASSERT_EQ(submit(waiting, PARLEY_SQL_WRITE, [](sql_connection&) { return PARLEY_OK; }), status::ok);
  std::thread opener([&] {
    std::this_thread::sleep_for(milliseconds(20));
    gate_.open();
  });
  pool_->shutdown(false);
  opener.join();
  EXPECT_EQ(finish(waiting), status::cancelled);
  EXPECT_EQ(finish(running), status::ok);
}

TEST_F(sql_pools, blocking_work_needs_no_turning_loop) {
  open_pool();
  EXPECT_EQ(pool_->run_blocking([](sql_connection& db) { return db.execute("CREATE TABLE t(a {u8})", {}); }),
            status::ok);
  EXPECT_EQ(pool_->run_blocking([](sql_connection& db) { return db.execute("CREATE TABLE t(a {u8})", {}); }),
            status::fault);
  EXPECT_EQ(pool_->run_blocking([](sql_connection&) -> parley_status { throw std::runtime_error("x"); }),
            status::fault);
  EXPECT_EQ(count(), "0");
  pool_->shutdown(true);
  EXPECT_EQ(pool_->run_blocking([](sql_connection&) { return PARLEY_OK; }), status::cancelled);
}

TEST_F(sql_pools, a_job_may_be_submitted_again_from_its_done) {
  open_with_table();
  struct repeating : lambda_job {
    int left = 3;
  } job;
  ASSERT_EQ(
      submit(job, PARLEY_SQL_WRITE, [](sql_connection& db) { return db.execute("INSERT INTO t VALUES ('x')", {}); }),
      status::ok);
  job.done = [](sql_job& self, status outcome) {
    auto& r = static_cast<repeating&>(self);
    if (--r.left == 0) {
      r.answer = outcome;
    } else {
      EXPECT_EQ(r.pool->submit(r), status::ok);
    }
  };
  EXPECT_EQ(finish(job), status::ok);
  EXPECT_EQ(count(), "3");
}

TEST_F(sql_pools, many_jobs_of_both_kinds) {
  open_with_table();
  std::vector<lambda_job> jobs(400);
  for (std::size_t i = 0; i < jobs.size(); ++i) {
    const bool writes = i % 4 == 0;
    ASSERT_EQ(submit(jobs[i], writes ? PARLEY_SQL_WRITE : PARLEY_SQL_READ,
                     [writes](sql_connection& db) {
                       return db.execute(writes ? "INSERT INTO t VALUES ('x')" : "SELECT a FROM t", {});
                     }),
              status::ok);
  }
  for (auto& job : jobs) ASSERT_EQ(finish(job), status::ok);
  EXPECT_EQ(count(), "100");
  EXPECT_EQ(pool_->writers().stats().run_us.count(), pool_->writers().stats().done);
}

}  // namespace
}  // namespace parley::host
