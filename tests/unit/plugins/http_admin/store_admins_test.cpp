// Admins and their sign-ins, on SQLite and on MariaDB.
#include "store_admins.hpp"

#include <gtest/gtest.h>

#include "../sql_only.hpp"
#include "plugins/http_admin/schema.hpp"

namespace http_admin::store {
namespace {

class http_admin_store_admins : public testing::Test {
 protected:
  http_admin_store_admins() : sql(edge.on(db)) {
    db.migrate(schema::admins);
    db.migrate(schema::admin_sessions);
  }
  number make(const std::string& name, role may) {
    admin row;
    row.name = name;
    row.may = may;
    row.password = "$argon2id$" + name;
    row.created = 5;
    return add_admin(sql, row);
  }
  bool signs_in(char of, number who, number now, std::size_t most = 16) {
    const auto row = find_admin(sql, who);
    return row && add_sign_in(sql, {digest(of), who, "10.0.0.1", row->password}, now, most);
  }
  static std::string digest(char of) { return std::string(64, of); }
  static admin_change to(role may) { return {may, {}, {}, {}}; }
  static admin_change disabled(bool is) { return {{}, {}, is, {}}; }

  plugin_test::sql_only edge;
  plugin_test::database db;
  parley::sql sql;
};

TEST_F(http_admin_store_admins, are_found_by_name_and_id) {
  const auto id = make("ann", role::op);
  ASSERT_NE(id, 0u);
  const auto ann = find_admin(sql, "ann");
  ASSERT_TRUE(ann);
  EXPECT_EQ(ann->id, id);
  EXPECT_EQ(ann->may, role::op);
  EXPECT_EQ(ann->password, "$argon2id$ann");
  EXPECT_FALSE(ann->disabled);
  EXPECT_EQ(ann->created, 5u);
  EXPECT_EQ(ann->last_login, 0u);
  EXPECT_EQ(find_admin(sql, id)->name, "ann");
  EXPECT_FALSE(find_admin(sql, "Ann")) << "bytes, not letters";
  EXPECT_FALSE(find_admin(sql, "ann "));
  EXPECT_FALSE(find_admin(sql, id + 1));
}

TEST_F(http_admin_store_admins, names_are_unique) {
  EXPECT_NE(make("ann", role::op), 0u);
  EXPECT_EQ(make("ann", role::admin), 0u);
  EXPECT_NE(make("Ann", role::admin), 0u);
  const auto all = list_admins(sql, 10);
  ASSERT_EQ(all.size(), 2u);
  EXPECT_EQ(all[0].name, "Ann");
  EXPECT_EQ(all[0].password, "") << "lists are without";
  EXPECT_EQ(list_admins(sql, 1).size(), 1u);
}

TEST_F(http_admin_store_admins, the_last_who_rules_stays_and_rules) {
  const auto ann = make("ann", role::admin), bea = make("bea", role::op);
  EXPECT_EQ(edit_admin(sql, ann, disabled(true), 9), edit_end::last);
  EXPECT_EQ(edit_admin(sql, ann, to(role::op), 9), edit_end::last);
  EXPECT_EQ(remove_admin(sql, ann), edit_end::last);
  EXPECT_FALSE(find_admin(sql, ann)->disabled);
  EXPECT_EQ(find_admin(sql, ann)->may, role::admin);

  EXPECT_EQ(edit_admin(sql, bea, to(role::admin), 9), edit_end::done);
  EXPECT_EQ(edit_admin(sql, bea, disabled(true), 9), edit_end::done);
  EXPECT_EQ(remove_admin(sql, ann), edit_end::last) << "who is disabled rules nothing";
  EXPECT_EQ(edit_admin(sql, bea, disabled(false), 9), edit_end::done);
  EXPECT_EQ(remove_admin(sql, ann), edit_end::done);
  EXPECT_FALSE(find_admin(sql, ann));
  EXPECT_EQ(remove_admin(sql, ann), edit_end::unknown);
  EXPECT_EQ(edit_admin(sql, ann, to(role::op), 9), edit_end::unknown);
}

TEST_F(http_admin_store_admins, who_comes_after_nobody_ruled_can_be_changed) {
  const auto bea = make("bea", role::op);
  EXPECT_EQ(edit_admin(sql, bea, disabled(true), 9), edit_end::done);
  EXPECT_EQ(remove_admin(sql, bea), edit_end::done);
}

TEST_F(http_admin_store_admins, a_new_password_and_disabling_end_sign_ins) {
  make("ann", role::admin);
  const auto bea = make("bea", role::op);
  const auto sign_in = [&] {
    for (const char of : {'a', 'b'}) signs_in(of, bea, 10);
  };
  sign_in();
  EXPECT_EQ(edit_admin(sql, bea, {{}, "$argon2id$new", {}, digest('b')}, 11), edit_end::done);
  EXPECT_EQ(find_admin(sql, bea)->password, "$argon2id$new");
  EXPECT_EQ(find_admin(sql, bea)->updated, 11u);
  EXPECT_FALSE(find_sign_in(sql, digest('a')));
  EXPECT_TRUE(find_sign_in(sql, digest('b'))) << "the one that set it";
  edit_admin(sql, bea, to(role::viewer), 12);
  EXPECT_EQ(find_sign_in(sql, digest('b'))->who.may, role::viewer) << "at once";
  edit_admin(sql, bea, disabled(true), 12);
  EXPECT_FALSE(find_sign_in(sql, digest('b')));
}

TEST_F(http_admin_store_admins, what_was_compared_with_an_older_password_begins_nothing) {
  make("ann", role::admin);
  const auto bea = make("bea", role::op);
  const auto compared = find_admin(sql, bea)->password;
  edit_admin(sql, bea, {{}, "$argon2id$new", {}, {}}, 11);
  EXPECT_FALSE(add_sign_in(sql, {digest('a'), bea, "10.0.0.1", compared}, 12, 16));
  EXPECT_FALSE(find_sign_in(sql, digest('a')));
  EXPECT_EQ(edit_admin(sql, bea, {{}, "$argon2id$mine", {}, {}, compared}, 13), edit_end::unknown);
  EXPECT_EQ(find_admin(sql, bea)->password, "$argon2id$new");
  EXPECT_EQ(edit_admin(sql, bea, {{}, "$argon2id$mine", {}, {}, "$argon2id$new"}, 13), edit_end::done);
  edit_admin(sql, bea, disabled(true), 14);
  EXPECT_FALSE(add_sign_in(sql, {digest('a'), bea, "10.0.0.1", "$argon2id$mine"}, 15, 16));
  EXPECT_FALSE(add_sign_in(sql, {digest('a'), 4711, "10.0.0.1", ""}, 15, 16)) << "removed";
}

TEST_F(http_admin_store_admins, a_removed_admin_is_signed_out) {
  make("ann", role::admin);
  const auto bea = make("bea", role::op);
  signs_in('a', bea, 10);
  remove_admin(sql, bea);
  EXPECT_FALSE(find_sign_in(sql, digest('a')));
  EXPECT_EQ(db.run("SELECT COUNT(*) FROM admin_session"), "0");
}

TEST_F(http_admin_store_admins, sign_ins_are_found_by_their_digest_alone) {
  const auto ann = make("ann", role::admin);
  signs_in('a', ann, 10);
  const auto found = find_sign_in(sql, digest('a'));
  ASSERT_TRUE(found);
  EXPECT_EQ(found->who.name, "ann");
  EXPECT_EQ(found->who.may, role::admin);
  EXPECT_EQ(found->created, 10u);
  EXPECT_EQ(found->seen, 10u);
  EXPECT_FALSE(find_sign_in(sql, digest('A'))) << "bytes, not letters";
  EXPECT_EQ(find_admin(sql, ann)->last_login, 10u);
  touch_sign_in(sql, digest('a'), 20);
  EXPECT_EQ(find_sign_in(sql, digest('a'))->seen, 20u);
  expire_sign_ins(sql, 20);
  EXPECT_TRUE(find_sign_in(sql, digest('a')));
  expire_sign_ins(sql, 21);
  EXPECT_FALSE(find_sign_in(sql, digest('a')));
  signs_in('b', ann, 30);
  end_sign_in(sql, digest('b'));
  EXPECT_FALSE(find_sign_in(sql, digest('b')));
}

TEST_F(http_admin_store_admins, one_has_so_many_sign_ins_and_the_oldest_go) {
  const auto ann = make("ann", role::admin), bea = make("bea", role::op);
  signs_in('z', bea, 1, 3);
  for (char of = 'a'; of <= 'e'; ++of) signs_in(of, ann, static_cast<number>(of), 3);
  for (char of = 'a'; of <= 'e'; ++of) EXPECT_EQ(find_sign_in(sql, digest(of)).has_value(), of >= 'c') << of;
  EXPECT_TRUE(find_sign_in(sql, digest('z')));
}

}  // namespace
}  // namespace http_admin::store
