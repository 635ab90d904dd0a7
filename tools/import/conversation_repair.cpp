// A conversation whose messages have to be given numbers anew.
#include <algorithm>

#include "import/conversation.hpp"

namespace parley::teamtalk {
namespace {

using number = std::uint32_t;

std::vector<numbered_row> rows_of(sql& db, chat kind, std::span<const number> relations) {
  std::vector<numbered_row> rows;
  for (const auto relation : relations) {
    const auto statement =
        "SELECT id, msgId, created FROM " + message_table(kind, relation) + " WHERE " + relation_column(kind) + " = ?";
    db.each<std::uint64_t, number, number>(statement.c_str(), {relation}, [&](std::uint64_t id, number msg, number at) {
      rows.push_back({relation, id, msg, at, 0});
    });
  }
  renumber(rows);
  return rows;
}

/// What a node had written about this conversation before.
struct earlier {
  number relation = 0;  // 0: nothing
  number last = 0;
  number floor = 0;
};

earlier lock(sql& db, const new_conversation& pair) {
  const sql_value values[] = {raw(pair.kind), pair.a, pair.b};
  db.insert_rows("INSERT INTO conversation(kind, a, b) VALUES", "{keep:kind,a,b}", 3,
                 std::vector<sql_value>(std::begin(values), std::end(values)));
  const auto row = db.one<number, number, number>(
      "SELECT relate_id, last_msg_id, read_floor FROM conversation WHERE kind = ? AND a = ? AND b = ? {for_update}",
      {raw(pair.kind), pair.a, pair.b});
  return {std::get<0>(*row), std::get<1>(*row), std::get<2>(*row)};
}

void rewrite(job& work, chat kind, number main, const numbered_row& row) {
  const auto from = message_table(kind, row.relation), to = message_table(kind, main);
  std::uint64_t id = row.row_id;
  if (from == to) {
    const auto statement =
        "UPDATE " + to + " SET msgId = ?, " + std::string(relation_column(kind)) + " = ? WHERE id = ?";
    work.db().execute(statement.c_str(), {row.new_id, main, row.row_id});
  } else {
    const auto copy = "INSERT INTO " + to +
                      "(relateId, fromId, toId, msgId, content, type, status, updated, created) SELECT ?, fromId, "
                      "toId, ?, content, type, status, updated, created FROM " +
                      from + " WHERE id = ?";
    id = static_cast<std::uint64_t>(work.db().execute(copy.c_str(), {main, row.new_id, row.row_id}).inserted_id);
    const auto drop = "DELETE FROM " + from + " WHERE id = ?";
    work.db().execute(drop.c_str(), {row.row_id});
  }
  const auto note = [&](const char* column, number was, number is) {
    work.changed({from, row.row_id, column, was, is, from == to ? "" : to, from == to ? 0 : id});
  };
  if (row.relation != main) note(relation_column(kind), row.relation, main);
  if (row.new_id != row.msg_id) note("msgId", row.msg_id, row.new_id);
}

/// The new number of what was `old` in `main`: of the last message up to it.
class moved {
 public:
  moved(const std::vector<numbered_row>& rows, number main, const earlier& before) : before_(before) {
    for (const auto& row : rows) {
      const bool own = row.relation == main && is_number(row.msg_id);
      // What is no node's is TeamTalk's: it counts as read, wherever it came to stand.
      if (!own || row.msg_id <= before.floor) floor_ = std::max(floor_, row.new_id);
      if (own) numbers_[row.msg_id] = row.new_id;
    }
  }
  number floor() const { return floor_; }
  number of(number old) const {
    const auto next = numbers_.upper_bound(old);
    const number to = next == numbers_.begin() ? 0 : std::prev(next)->second;
    return old >= before_.floor ? std::max(to, floor_) : to;
  }

 private:
  const earlier before_;
  number floor_ = 0;
  std::map<number, number> numbers_;
};

/// What each member sees, and what it has taken off its list: new_id(old) for old.
template <class NewId>
void follow_members(sql& db, number group, NewId&& new_id) {
  std::map<number, number> since, hidden;
  db.each<number, number>("SELECT user_id, since_msg_id FROM group_join WHERE group_id = ?", {group},  // primary key
                          [&](number user, number msg_id) { since[user] = msg_id; });
  for (const auto& [user, msg_id] : since) {
    db.execute("UPDATE group_join SET since_msg_id = ? WHERE group_id = ? AND user_id = ?",
               {new_id(msg_id), group, user});
  }
  db.each<number, number>("SELECT user_id, msg_id FROM hidden_session WHERE kind = ? AND relate_id = ?",
                          {raw(chat::group), group}, [&](number user, number msg_id) { hidden[user] = msg_id; });
  for (const auto& [user, msg_id] : hidden) {
    db.execute("UPDATE hidden_session SET msg_id = ? WHERE user_id = ? AND kind = ? AND relate_id = ?",
               {new_id(msg_id), user, raw(chat::group), group});
  }
}

/// Keys and positions of a conversation that nodes have written to follow its messages.
void follow(sql& db, chat kind, number main, const moved& to) {
  struct key {
    number msg_id, author, created;
    std::string client_id;
  };
  std::vector<key> keys;
  db.each<number, number, std::string, number>(
      "SELECT msg_id, author, client_msg_id, created FROM message_key WHERE kind = ? AND relate_id = ?",
      {raw(kind), main}, [&](number msg_id, number author, std::string client_id, number created) {
        keys.push_back({msg_id, author, created, std::move(client_id)});
      });
  db.execute("DELETE FROM message_key WHERE kind = ? AND relate_id = ?", {raw(kind), main});
  std::vector<sql_value> values;
  for (const auto& one : keys) {
    values.insert(values.end(), {raw(kind), main, to.of(one.msg_id), one.author, one.client_id, one.created});
  }
  db.insert_rows("INSERT INTO message_key(kind, relate_id, msg_id, author, client_msg_id, created) VALUES", "", 6,
                 values);
  std::map<number, number> positions;
  db.each<number, number>("SELECT user_id, msg_id FROM read_position WHERE kind = ? AND relate_id = ?",
                          {raw(kind), main}, [&](number user, number msg_id) { positions[user] = msg_id; });
  for (const auto& [user, msg_id] : positions) {
    db.execute("UPDATE read_position SET msg_id = ? WHERE kind = ? AND relate_id = ? AND user_id = ?",
               {to.of(msg_id), raw(kind), main, user});
  }
  if (kind == chat::group) follow_members(db, main, [&](number msg_id) { return to.of(msg_id); });
}

void end_others(job& work, number main, std::span<const number> relations) {
  for (const auto one : relations) {
    if (one == main) continue;
    const auto row = work.db().one<number>("SELECT status FROM IMRelationShip WHERE id = ? {for_update}", {one});
    if (!row || std::get<0>(*row) != 0) continue;
    work.db().execute("UPDATE IMRelationShip SET status = 1 WHERE id = ?", {one});
    work.changed({"IMRelationShip", one, "status", 0, 1});
  }
}

bool stays(const numbered_row& row, number main) {
  return row.relation == main && row.new_id == row.msg_id;
}

}  // namespace

std::uint64_t count_repairs(sql& db, chat kind, std::span<const number> relations, number main) {
  const auto rows = rows_of(db, kind, relations);
  return static_cast<std::uint64_t>(
      std::count_if(rows.begin(), rows.end(), [&](const auto& row) { return !stays(row, main); }));
}

std::uint64_t repair(job& work, const new_conversation& pair, std::span<const number> relations) {
  std::uint64_t rewritten = 0;
  work.transaction([&] {
    auto& db = work.db();
    rewritten = 0;
    const auto before = lock(db, pair);
    const number main = before.relation ? before.relation : pair.relation;
    const auto rows = rows_of(db, pair.kind, relations);
    for (const auto& row : rows) {
      if (stays(row, main)) continue;
      rewrite(work, pair.kind, main, row);
      ++rewritten;
    }
    if (pair.kind == chat::single) end_others(work, main, relations);
    const number last = rows.empty() ? 0 : rows.back().new_id, created = rows.empty() ? 0 : rows.back().created;
    if (!before.relation) {
      // Its row is this transaction's own and still empty.
      db.execute("DELETE FROM conversation WHERE kind = ? AND a = ? AND b = ?", {raw(pair.kind), pair.a, pair.b});
      const new_conversation made{pair.kind, pair.a, pair.b, main, last, created};
      insert_conversations(db, std::span(&made, 1));
      // No node has written here: whoever joined by one, or hid the group there, did so behind all there is.
      if (pair.kind == chat::group) follow_members(db, main, [last](number) { return last; });
      return;
    }
    const moved to(rows, main, before);
    follow(db, pair.kind, main, to);
    const number newest = std::max(last, before.last);
    db.execute(
        "UPDATE conversation SET last_msg_id = ?, last_created = {greatest}(last_created, ?), read_floor = ?, last_a = "
        "?, last_b = ? WHERE kind = ? AND a = ? AND b = ?",
        {newest, created, to.floor(), newest, newest, raw(pair.kind), pair.a, pair.b});
  });
  return rewritten;
}

}  // namespace parley::teamtalk
