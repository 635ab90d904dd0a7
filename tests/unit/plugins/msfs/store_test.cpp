// The statements, on SQLite and on MariaDB; quotas when several upload at once.
#include "store.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "../sql_only.hpp"
#include "plugins/msfs/schema.hpp"
#include "support/mariadb.hpp"

namespace {

using namespace msfs::store;

constexpr std::uint32_t monday = 1'700'006'400;  // 0:00 of a day
constexpr std::uint32_t day = 86'400;
const std::string here = "0123456789abcdef";

class media_store : public testing::Test {
 protected:
  media_store() : sql(edge.on(db)) { db.migrate(msfs::schema::uploads); }
  verdict add(uploader who, std::uint64_t size, std::uint32_t when = monday, const std::string& store = here) {
    return msfs::store::add(sql, store, {path(++count), std::move(who), size, when}, most).end;
  }
  static std::string path(int n) { return "000/001/" + std::to_string(1000 + n) + ".png"; }
  plugin_test::sql_only edge;
  plugin_test::database db;
  parley::sql sql;
  quotas most{1000, 300, 200, 100};
  int count = 0;
};

TEST_F(media_store, sums_follow_what_is_added_and_removed) {
  EXPECT_EQ(add({7, {}}, 100), verdict::taken);
  EXPECT_EQ(add({7, {}}, 50), verdict::taken);
  EXPECT_EQ(add({0, "10.0.0.1"}, 25), verdict::taken);
  auto used = usage_of_user(sql, 7, monday);
  EXPECT_EQ(used.bytes, 150u);
  EXPECT_EQ(used.files, 2u);
  EXPECT_EQ(used.today, 150u);
  EXPECT_EQ(usage_of_store(sql, here).bytes, 175u);
  EXPECT_TRUE(remove(sql, here, path(1)));
  EXPECT_FALSE(remove(sql, here, path(1)));
  EXPECT_FALSE(remove(sql, "another store...", path(2)));
  used = usage_of_user(sql, 7, monday);
  EXPECT_EQ(used.bytes, 50u);
  EXPECT_EQ(used.today, 150u) << "uploaded twice is uploaded twice";
  EXPECT_EQ(usage_of_store(sql, here).bytes, 75u);
  EXPECT_EQ(usage_of_store(sql, here).files, 2u);
}

TEST_F(media_store, a_user_has_a_quota_and_one_a_day) {
  EXPECT_EQ(add({7, {}}, 200), verdict::taken);
  EXPECT_EQ(add({7, {}}, 1), verdict::day_full);
  EXPECT_EQ(add({8, {}}, 200), verdict::taken) << "another user's is another one";
  EXPECT_EQ(add({7, {}}, 100, monday + day), verdict::taken);
  EXPECT_EQ(add({7, {}}, 1, monday + day), verdict::user_full);
  EXPECT_EQ(left_to(usage_of_user(sql, 7, monday + day), most), 0u);
  EXPECT_EQ(left_to(usage_of_user(sql, 8, monday + day), most), 100u);
  EXPECT_EQ(left_to(usage_of_user(sql, 9, monday), most), 200u);
  EXPECT_EQ(left_to(usage_of_user(sql, 9, monday), {}), UINT64_MAX);
  EXPECT_EQ(usage_of_store(sql, here).bytes, 500u) << "what was refused counts nowhere";
}

TEST_F(media_store, an_address_has_a_quota_a_day_and_is_forgotten) {
  EXPECT_EQ(add({0, "10.0.0.1"}, 101), verdict::day_full);
  EXPECT_EQ(add({0, "10.0.0.1"}, 100), verdict::taken);
  EXPECT_EQ(add({0, "10.0.0.1"}, 1), verdict::day_full);
  EXPECT_EQ(add({0, "10.0.0.2"}, 1), verdict::taken);
  forget_addresses(sql, monday + day - 1);
  EXPECT_EQ(add({0, "10.0.0.1"}, 1), verdict::day_full);
  EXPECT_EQ(add({0, "10.0.0.1"}, 1, monday + day), verdict::taken);
  forget_addresses(sql, monday + day);
  EXPECT_EQ(db.run("SELECT COUNT(*) FROM media_usage WHERE kind = 3"), "1");
}

TEST_F(media_store, the_store_has_one_of_its_own) {
  most = {150, 0, 0, 0};
  EXPECT_EQ(add({7, {}}, 100), verdict::taken);
  EXPECT_EQ(add({8, {}}, 51), verdict::store_full);
  EXPECT_EQ(add({8, {}}, 51, monday, "another store..."), verdict::taken);
  EXPECT_EQ(add({8, {}}, 50), verdict::taken);
  EXPECT_EQ(usage_of_store(sql, here).bytes, 150u);
}

TEST_F(media_store, finds_and_lists) {
  add({7, {}}, 10, monday);
  add({8, {}}, 11, monday + 1);
  add({7, {}}, 12, monday + 2);
  const auto one = find(sql, here, path(2));
  ASSERT_TRUE(one);
  EXPECT_EQ(one->who.user, 8u);
  EXPECT_EQ(one->size, 11u);
  EXPECT_EQ(one->created, monday + 1);
  EXPECT_FALSE(find(sql, here, "000/001/none"));
  const auto all = newest(sql, here, 0, 2);
  ASSERT_EQ(all.size(), 2u);
  EXPECT_EQ(all[0].path, path(3));
  EXPECT_EQ(newest(sql, here, 7, 10).size(), 2u);
  EXPECT_TRUE(newest(sql, "another store...", 7, 10).empty());
}

TEST_F(media_store, pages_of_a_directory_are_in_order) {
  for (const char* p : {"000/255/z", "001/000/b", "001/000/a", "001/255/c", "002/000/a"}) {
    msfs::store::add(sql, here, {p, {7, {}}, 1, monday}, {});
  }
  auto page = below(sql, here, "001/", "", 2);
  ASSERT_EQ(page.size(), 2u);
  EXPECT_EQ(page[0].path, "001/000/a");
  page = below(sql, here, "001/", page[1].path, 2);
  ASSERT_EQ(page.size(), 1u);
  EXPECT_EQ(page[0].path, "001/255/c");
}

TEST_F(media_store, files_without_a_row_are_taken_in_once) {
  adopt(sql, here, {{path(1), {}, 5000, monday}, {path(2), {}, 1, monday}});
  adopt(sql, here, {{path(1), {}, 5000, monday}});
  EXPECT_EQ(usage_of_store(sql, here).bytes, 5001u) << "whatever the quota";
  EXPECT_TRUE(remove(sql, here, path(1)));
  EXPECT_EQ(usage_of_store(sql, here).bytes, 1u);
}

TEST_F(media_store, names_that_differ_in_case_are_two) {
  msfs::store::add(sql, here, {"000/001/a.PNG", {7, {}}, 1, monday}, {});
  msfs::store::add(sql, here, {"000/001/a.png", {7, {}}, 1, monday}, {});
  EXPECT_TRUE(remove(sql, here, "000/001/a.png"));
  EXPECT_TRUE(find(sql, here, "000/001/a.PNG"));
}

/// Four threads upload as one user, as two others and from an address, until all are refused: the sums are exact.
TEST_F(media_store, many_at_once_never_exceed_a_quota) {
  most = {100'000, 1000, 0, 500};
  std::atomic<int> taken = 0, from_address = 0;
  std::vector<std::thread> all;
  for (int t = 0; t < 4; ++t) {
    all.emplace_back([&, t] {
      plugin_test::database own(db);
      auto mine = edge.on(own);
      for (int i = 0; i < 40; ++i) {
        const auto name = "001/000/" + std::to_string(t) + "_" + std::to_string(i);
        taken += msfs::store::add(mine, here, {name, {7, {}}, 10, monday}, most).end == verdict::taken;
        from_address +=
            msfs::store::add(mine, here, {name + "a", {0, "10.0.0.1"}, 10, monday}, most).end == verdict::taken;
      }
    });
  }
  for (auto& one : all) one.join();
  EXPECT_EQ(taken, 100);
  EXPECT_EQ(from_address, 50);
  EXPECT_EQ(usage_of_user(sql, 7, monday).bytes, 1000u);
  EXPECT_EQ(usage_of_store(sql, here).files, 150u);
  EXPECT_EQ(db.run("SELECT COUNT(*) FROM media_upload"), "150");
}

TEST_F(media_store, a_commit_that_fails_leaves_nothing) {
  db.fail("COMMIT", PARLEY_UNAVAILABLE);
  EXPECT_THROW(add({7, {}}, 10), parley::sql_error);
  EXPECT_FALSE(find(sql, here, path(1)));
  EXPECT_EQ(usage_of_store(sql, here).bytes, 0u);
  EXPECT_EQ(add({7, {}}, 10), verdict::taken);
}

TEST_F(media_store, uses_indexes) {
  if (parley::test::on_mariadb()) GTEST_SKIP() << "a plan of SQLite";
  add({7, {}}, 10);
  db.take_log();
  add({7, {}}, 10);
  find(sql, here, path(1));
  newest(sql, here, 7, 10);
  newest(sql, here, 0, 10);
  below(sql, here, "000/", "", 10);
  remove(sql, here, path(1));
  forget_addresses(sql, monday);
  for (auto statement : db.take_log()) {
    if (statement.starts_with("INSERT")) continue;
    for (std::size_t at; (at = statement.find('?')) != std::string::npos;) statement.replace(at, 1, "1");
    if (const auto lock = statement.find("{for_update}"); lock != std::string::npos) statement.erase(lock);
    const auto plan = db.plan(statement);
    EXPECT_NE(plan.find("SEARCH"), std::string::npos) << statement << plan;
    EXPECT_EQ(plan.find("SCAN"), std::string::npos) << statement << plan;
  }
}

}  // namespace
