// The statements, on SQLite and on MariaDB.
#include "store.hpp"

#include <gtest/gtest.h>

#include "../sql_only.hpp"
#include "plugins/file/schema.hpp"
#include "plugins/login/schema.hpp"

namespace file::store {
namespace {

class file_store : public testing::Test {
 protected:
  file_store() : sql(edge.on(db)) {
    db.migrate(login::schema::users);
    db.migrate(login::schema::relations);
    db.migrate(schema::tasks);
    for (int id = 1; id <= 4; ++id) {
      const auto n = std::to_string(id);
      db.run("INSERT INTO IMUser(id, name, departId, created, updated) VALUES (" + n + ",'name" + n + "',1,1,1)");
    }
    db.run("UPDATE IMUser SET status = 3 WHERE id = 4");
    db.run("INSERT INTO block(user_id, peer_id, created) VALUES (3, 1, 1)");
  }
  static std::string id(int n) {
    auto text = std::to_string(n);
    return "123e4567-e89b-42d3-a456-" + std::string(12 - text.size(), '0') + text;
  }
  static task a_task(int n, number size = 100, transfer_mode mode = transfer_mode::offline) {
    return {id(n), 1, 2, size, mode, stage::open, static_cast<number>(n), "文件 " + std::to_string(n), true};
  }
  offer make(const task& what) { return make_task(sql, what, {3, 1000}); }

  plugin_test::sql_only edge;
  plugin_test::database db;
  parley::sql sql;
};

TEST_F(file_store, a_task_is_found_as_it_was_made) {
  EXPECT_EQ(make(a_task(1)), offer::made);
  const auto found = find_task(sql, id(1));
  ASSERT_TRUE(found);
  EXPECT_EQ(found->from, 1u);
  EXPECT_EQ(found->to, 2u);
  EXPECT_EQ(found->name, "文件 1");
  EXPECT_EQ(found->size, 100u);
  EXPECT_EQ(found->at, stage::open);
  EXPECT_FALSE(found->online());
  EXPECT_FALSE(find_task(sql, id(2)));
  EXPECT_FALSE(find_task(sql, "123E4567-E89B-42D3-A456-000000000001")) << "an id is these very bytes";
}

TEST_F(file_store, a_task_needs_a_recipient_who_takes_it) {
  auto what = a_task(1);
  what.to = 99;
  EXPECT_EQ(make(what), offer::nobody);
  what.to = 4;
  EXPECT_EQ(make(what), offer::nobody);
  what.to = 3;
  EXPECT_EQ(make(what), offer::blocked);
  EXPECT_EQ(total(sql).open, 0u);
}

TEST_F(file_store, a_sender_has_so_many_tasks_and_so_many_bytes) {
  EXPECT_EQ(make(a_task(1, 600)), offer::made);
  EXPECT_EQ(make(a_task(2, 401)), offer::too_much);
  EXPECT_EQ(make(a_task(2, 4'000'000'000, transfer_mode::online)), offer::made) << "what is not kept takes no room";
  EXPECT_EQ(make(a_task(3, 400)), offer::made);
  EXPECT_EQ(make(a_task(4, 0)), offer::too_many);
  remove_task(sql, id(2));
  EXPECT_EQ(make(a_task(4, 0)), offer::made);
}

TEST_F(file_store, a_completed_upload_has_one_record) {
  make(a_task(1));
  make(a_task(2, 200));
  EXPECT_EQ(complete_task(sql, a_task(2, 200), 20), completion::now);
  EXPECT_EQ(complete_task(sql, a_task(1), 21), completion::now);
  EXPECT_EQ(complete_task(sql, a_task(1), 22), completion::before) << "again, after a reload";
  EXPECT_EQ(complete_task(sql, a_task(3), 22), completion::gone);
  const auto all = records_to(sql, 2, 10);
  ASSERT_EQ(all.size(), 2u);
  EXPECT_EQ(all[0].id, id(2)) << "the oldest first";
  EXPECT_EQ(all[1].name, "文件 1");
  EXPECT_EQ(records_to(sql, 2, 1).size(), 1u);
  EXPECT_TRUE(records_to(sql, 1, 10).empty());
  remove_task(sql, id(2));
  EXPECT_EQ(records_to(sql, 2, 10).size(), 1u);
  const auto sum = total(sql);
  EXPECT_EQ(sum.waiting, 1u);
  EXPECT_EQ(sum.waiting_bytes, 100u);
}

TEST_F(file_store, what_is_old_is_found_by_when_it_was_touched_last) {
  make(a_task(1));
  make(a_task(2));
  touch_open_task(sql, id(1), 50);
  ASSERT_EQ(old_tasks(sql, stage::open, 40, 10).size(), 1u);
  EXPECT_EQ(old_tasks(sql, stage::open, 40, 10)[0].id, id(2));
  EXPECT_TRUE(old_tasks(sql, stage::complete, 1000, 10).empty());
  EXPECT_EQ(old_tasks(sql, stage::open, 1000, 10).size(), 2u);
}

TEST_F(file_store, who_leaves_is_nobodys_unless_something_was_heard_of_it) {
  make(a_task(1));
  make(a_task(2));
  touch_open_task(sql, id(1), 50);
  EXPECT_FALSE(leave_old_task(sql, id(1), stage::open, 40)) << "touched since it was looked for";
  EXPECT_FALSE(leave_old_task(sql, id(2), stage::complete, 40));
  EXPECT_TRUE(leave_old_task(sql, id(2), stage::open, 40));
  EXPECT_FALSE(leave_old_task(sql, id(2), stage::open, 40)) << "once";
  leave_task(sql, id(1));
  EXPECT_EQ(find_task(sql, id(1))->at, stage::leaving);
  EXPECT_EQ(complete_task(sql, a_task(1), 60), completion::gone);
  EXPECT_TRUE(records_to(sql, 2, 10).empty());
  EXPECT_EQ(old_tasks(sql, stage::leaving, 1000, 10).size(), 2u) << "and found again when it was cut short";
}

TEST_F(file_store, teamtalks_records_are_added_once_and_removed_by_all_three) {
  auto old = a_task(1);
  EXPECT_TRUE(add_record(sql, old, 5));
  EXPECT_FALSE(add_record(sql, old, 6));
  remove_record(sql, id(1), 1, 3);
  EXPECT_EQ(records_to(sql, 2, 10).size(), 1u);
  remove_record(sql, id(1), 1, 2);
  EXPECT_TRUE(records_to(sql, 2, 10).empty());
  EXPECT_FALSE(add_record(sql, old, 7)) << "it was removed";
  old = a_task(2);
  old.to = 3;
  EXPECT_FALSE(add_record(sql, old, 8)) << "blocked";
  EXPECT_TRUE(records_to(sql, 3, 10).empty());
}

TEST_F(file_store, lists_are_of_one_user_or_of_all) {
  make(a_task(1));
  auto back = a_task(2);
  std::swap(back.from, back.to);
  make(back);
  EXPECT_EQ(list_tasks(sql, 0, 10).size(), 2u);
  EXPECT_EQ(list_tasks(sql, 1, 10).size(), 2u);
  EXPECT_EQ(list_tasks(sql, 3, 10).size(), 0u);
  EXPECT_EQ(find_user(sql, "name2"), 2u);
  EXPECT_EQ(find_user(sql, "2"), 2u);
  EXPECT_FALSE(find_user(sql, "nobody"));
}

}  // namespace
}  // namespace file::store
