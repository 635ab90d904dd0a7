// Two nodes at the same time, each with a connection of its own.
#include <atomic>
#include <barrier>
#include <thread>

#include "people.hpp"
#include "support/mariadb.hpp"

namespace buddy_test {
namespace {

class at_the_same_time : public people {
 protected:
  static constexpr int rounds = 150;

  /// Both in step, on a thread and a connection each; sql errors are counted.
  template <class One, class Other>
  void both(One&& one, Other&& other) {
    plugin_test::database second(host.db());
    std::barrier together(2);
    const auto work = [&](plugin_test::database& connection, auto& act) {
      auto db = host.sql(connection);
      for (int i = 0; i < rounds; ++i) {
        together.arrive_and_wait();
        try {
          act(db, i);
        } catch (const parley::sql_error& e) {
          ++failures;
          ADD_FAILURE() << e.what();
        }
      }
    };
    std::thread beside([&] { work(second, other); });
    work(host.db(), one);
    beside.join();
  }
  /// That the server had to break up; SQLite has none.
  static std::string deadlocks() {
    if (!parley::test::on_mariadb()) return "0";
    return parley::test::shared_mariadb().run(
        "SELECT VARIABLE_VALUE FROM information_schema.GLOBAL_STATUS WHERE VARIABLE_NAME = 'INNODB_DEADLOCKS'");
  }
  /// Both sides say the same, and each list's revision is its newest row's or a later one.
  void expect_consistent() {
    EXPECT_EQ(run("SELECT COUNT(*) FROM friend f LEFT JOIN friend g ON g.user_id = f.peer_id AND g.peer_id = f.user_id "
                  "WHERE g.user_id IS NULL OR g.status <> f.status"),
              "0");
    EXPECT_EQ(run("SELECT COUNT(*) FROM friend f JOIN friend_list l ON l.user_id = f.user_id "
                  "WHERE f.revision > l.revision"),
              "0");
    EXPECT_EQ(run("SELECT COUNT(*) FROM friend f JOIN friend_request r ON r.to_id = f.user_id "
                  "AND r.from_id = f.peer_id WHERE f.status = 0"),
              "0");
  }
  std::atomic<int> failures = 0;
};

TEST_F(at_the_same_time, accepting_and_deleting_leave_both_sides_alike) {
  std::atomic<int> begun = 0, ended = 0;
  both(
      [&](parley::sql& db, int) {
        buddy::ask(db, most, {1, 2}, "", now);
        begun += buddy::accept(db, most, {2, 1}, now).changed;
      },
      [&](parley::sql& db, int) {
        ended += buddy::part(db, most, {2, 1}, now).changed;
      });
  expect_consistent();
  EXPECT_EQ(begun - ended, static_cast<int>(friends(1).size()));
  EXPECT_EQ(run("SELECT revision FROM friend_list WHERE user_id = 1"), std::to_string(begun + ended));
  EXPECT_EQ(run("SELECT revision FROM friend_list WHERE user_id = 2"), std::to_string(begun + ended));
}

TEST_F(at_the_same_time, two_who_ask_each_other_become_friends_once) {
  std::atomic<int> begun = 0;
  both(
      [&](parley::sql& db, int i) {
        begun += buddy::ask(db, most, {1, 2}, "", now).changed;
        if (i + 1 < rounds) buddy::part(db, most, {1, 2}, now);
      },
      [&](parley::sql& db, int) {
        begun += buddy::ask(db, most, {2, 1}, "", now).changed;
      });
  expect_consistent();
  EXPECT_EQ(failures, 0);
}

TEST_F(at_the_same_time, an_accept_counts_once) {
  int double_changes = 0;
  for (int i = 0; i < 30; ++i) {
    ask(1, 2);
    std::atomic<int> changed = 0;
    plugin_test::database second(host.db());
    std::barrier together(2);
    const auto accept_on = [&](plugin_test::database& connection) {
      auto db = host.sql(connection);
      together.arrive_and_wait();
      const auto done = buddy::accept(db, most, {2, 1}, now);
      EXPECT_TRUE(done.is);
      changed += done.changed;
    };
    std::thread beside([&] { accept_on(second); });
    accept_on(host.db());
    beside.join();
    double_changes += changed != 1;
    ASSERT_TRUE(part(1, 2).changed);
  }
  EXPECT_EQ(double_changes, 0);
  expect_consistent();
}

TEST_F(at_the_same_time, crossing_pairs_do_not_wait_in_a_circle) {
  const auto before = deadlocks();
  ASSERT_NE(before, "");
  both(
      [&](parley::sql& db, int i) {
        buddy::ask(db, most, {1, 4}, "", now);
        buddy::ask(db, most, {3, 2}, std::to_string(i), now);
        buddy::block(db, most, {4, 1}, now);
        buddy::part(db, most, {2, 3}, now);
      },
      [&](parley::sql& db, int i) {
        buddy::ask(db, most, {4, 1}, "", now);
        buddy::ask(db, most, {2, 3}, std::to_string(i), now);
        buddy::unblock(db, {4, 1});
        buddy::part(db, most, {1, 4}, now);
      });
  expect_consistent();
  EXPECT_EQ(deadlocks(), before);
  EXPECT_EQ(failures, 0);
}

TEST_F(at_the_same_time, the_bound_of_friends_holds) {
  most.friends = 1;
  ask(3, 1);
  ask(4, 1);
  both(
      [&](parley::sql& db, int) {
        buddy::accept(db, most, {1, 3}, now);
        EXPECT_LE(std::stoi(run("SELECT COUNT(*) FROM friend WHERE user_id = 1 AND status = 0")), 1);
        buddy::part(db, most, {1, 3}, now);
        buddy::ask(db, most, {3, 1}, "", now);
      },
      [&](parley::sql& db, int) {
        buddy::accept(db, most, {1, 4}, now);
        buddy::part(db, most, {1, 4}, now);
        buddy::ask(db, most, {4, 1}, "", now);
      });
  expect_consistent();
}

TEST_F(at_the_same_time, groupings_get_ids_of_their_own) {
  both(
      [&](parley::sql& db, int i) {
        if (i < 40) buddy::create_grouping(db, 1, "a" + std::to_string(i));
      },
      [&](parley::sql& db, int i) {
        if (i < 40) buddy::create_grouping(db, 1, "b" + std::to_string(i));
      });
  EXPECT_EQ(run("SELECT COUNT(*) FROM friend_grouping"), "80");
  EXPECT_EQ(run("SELECT revision FROM friend_list WHERE user_id = 1"), "80");
}

}  // namespace
}  // namespace buddy_test
