#include <parley/in_list.hpp>

#include <array>

#include "store.hpp"

namespace group::store {
namespace {

using parley::sql;
using parley::sql_value;

constexpr int member = 0, gone = 1;    // IMGroupMember.status
constexpr int group_conversation = 2;  // conversation.kind
constexpr number highest_msg_id = 4294967294;

std::array<std::string, 8> highest_of_each_shard() {
  std::array<std::string, 8> all;
  for (std::size_t shard = 0; shard < all.size(); ++shard) {
    all[shard] = "SELECT COALESCE(MAX(msgId), 0) FROM IMGroupMessage_" + std::to_string(shard) +
                 " WHERE groupId = ? AND msgId <= ?";  // index (groupId, msgId, status, created)
  }
  return all;
}

/// Takes rows up again that former members have, one of each; who has none is left in the result.
id_list revive(sql& db, number group, const id_list& users, number now) {
  static const parley::long_in_list former(  // index (groupId, userId, status)
      "SELECT userId, MIN(id) FROM IMGroupMember WHERE groupId = ? AND userId IN ", " GROUP BY userId");
  static const parley::long_in_list take(
      "UPDATE IMGroupMember SET status = 0, updated = ? WHERE id IN ");  // primary key
  id_list known;
  std::vector<std::uint64_t> rows;
  former.each({group}, users, [&](const char* statement, const sql_value* values, std::size_t count) {
    db.each<number, std::uint64_t>(statement, values, count, [&](number user, std::uint64_t row) {
      known.push_back(user);
      rows.push_back(row);
    });
  });
  take.execute(db, {now}, rows);
  return without(users, normalized(std::move(known)));
}

}  // namespace

id_list members(sql& db, number group) {
  id_list found;
  db.each<number>(  // index (groupId, userId, status)
      "SELECT userId FROM IMGroupMember WHERE groupId = ? AND status = ? ORDER BY userId", {group, member},
      [&](number user) {
        if (user != 0 && (found.empty() || found.back() != user)) found.push_back(user);
      });
  return found;
}

bool is_member(sql& db, number group, number user) {
  return db
      .one<number>(  // index (groupId, userId, status)
          "SELECT userId FROM IMGroupMember WHERE groupId = ? AND userId = ? AND status = ? LIMIT 1",
          {group, user, member})
      .has_value();
}

number longest_standing(sql& db, number group) {
  const auto found = db.one<number>(  // members by index (groupId, updated), users by primary key
      "SELECT m.userId FROM IMGroupMember m JOIN IMUser u ON u.id = m.userId WHERE m.groupId = ? AND m.status = ? AND "
      "u.status <> 3 ORDER BY m.updated, m.id LIMIT 1",
      {group, member});
  return found ? std::get<0>(*found) : 0;
}

number newest_message(sql& db, number group) {
  const auto row = db.one<number>(  // primary key
      "SELECT last_msg_id FROM conversation WHERE kind = ? AND a = 0 AND b = ?", {group_conversation, group});
  if (row) return std::get<0>(*row);
  // TeamTalk's, as the conversation's counter will begin.
  static const auto statements = highest_of_each_shard();
  const auto highest = db.one<number>(statements[group % statements.size()].c_str(), {group, highest_msg_id});
  return highest ? std::get<0>(*highest) : 0;
}

void join(sql& db, number group, const id_list& users, number since_msg_id, number now) {
  static const parley::long_in_list invited(
      "DELETE FROM group_invitation WHERE group_id = ? AND user_id IN ");  // primary key
  static const parley::long_in_list shield(
      "DELETE FROM group_shield WHERE group_id = ? AND user_id IN ");  // primary key
  std::vector<sql_value> values;
  for (const number user : revive(db, group, users, now)) {
    values.insert(values.end(), {group, user, member, now, now});
  }
  db.insert_rows("INSERT INTO IMGroupMember(groupId, userId, status, created, updated) VALUES", "", 5, values);
  values.clear();
  for (const number user : users) values.insert(values.end(), {group, user, since_msg_id, 0});
  db.insert_rows("INSERT INTO group_join(group_id, user_id, since_msg_id, since_created) VALUES",  // primary key
                 "{on_conflict:group_id,user_id} since_msg_id = {new:since_msg_id}, since_created = "
                 "{new:since_created}",
                 4, values);
  invited.execute(db, {group}, users);
  shield.execute(db, {group}, users);
}

void leave(sql& db, number group, const id_list& users, number now) {
  static const parley::long_in_list row(  // index (groupId, userId, status)
      "UPDATE IMGroupMember SET status = 1, updated = ? WHERE groupId = ? AND status = 0 AND userId IN ");
  static const parley::long_in_list shield(
      "DELETE FROM group_shield WHERE group_id = ? AND user_id IN ");  // primary key
  static const parley::long_in_list invitation(                        // index (group_id, inviter_id)
      "DELETE FROM group_invitation WHERE group_id = ? AND inviter_id IN ");
  row.execute(db, {now, group}, users);
  shield.execute(db, {group}, users);
  invitation.execute(db, {group}, users);
}

void leave_all(sql& db, number group, number now) {
  db.execute("UPDATE IMGroupMember SET status = ?, updated = ? WHERE groupId = ? AND status = ?",
             {gone, now, group, member});                                  // index (groupId, userId, status)
  db.execute("DELETE FROM group_shield WHERE group_id = ?", {group});      // primary key
  db.execute("DELETE FROM group_invitation WHERE group_id = ?", {group});  // index (group_id, inviter_id)
}

}  // namespace group::store
