#include <algorithm>

#include "store.hpp"

namespace message::store {
namespace {

using number = std::uint32_t;
using id = std::uint64_t;
using parley::sql;

constexpr number user_left = 3;  // IMUser.status

/// The pair's oldest live relation, else an ended one taken up again, else a new one. Index (smallId, bigId, status,
/// updated).
number relation_of(sql& db, const conversation_key& key, number now) {
  const auto found = db.one<number, number>(
      "SELECT id, status FROM IMRelationShip WHERE smallId = ? AND bigId = ? ORDER BY status, id LIMIT 1",
      {key.a, key.b});
  if (!found) {
    const auto made =
        db.execute("INSERT INTO IMRelationShip(smallId, bigId, status, created, updated) VALUES (?, ?, 0, ?, ?)",
                   {key.a, key.b, now, now});
    return static_cast<number>(made.inserted_id);
  }
  const auto [relation, status] = *found;
  if (status != 0)
    db.execute("UPDATE IMRelationShip SET status = 0, updated = ? WHERE id = ?", {now, relation});  // by id
  return relation;
}

// Few widths, so that few statements stay prepared.
constexpr std::size_t few = 8, many = 64;
constexpr std::size_t lock_width(std::size_t keys) {
  return keys == 1 ? 1 : keys <= few ? few : many;
}

const char* lock_statement(std::size_t width) {
  static const auto make = [](std::size_t keys) {
    std::string text =
        "SELECT kind, a, b, relate_id, last_msg_id, last_created, last_a, last_b, touched, session_a, session_b "
        "FROM conversation WHERE ";  // primary key, one range each
    // kind within each: taken out of them SQLite searches by that alone and reads every conversation.
    for (std::size_t i = 0; i < keys; ++i) {
      if (i > 0) text += " OR ";
      text += "(kind = ? AND a = ? AND b = ?)";
    }
    return text + " {for_update}";
  };
  static const std::string one = make(1), some = make(few), most = make(many);
  return (width == 1 ? one : width == few ? some : most).c_str();
}

/// Fills a row that this transaction has just made.
void adopt(sql& db, const conversation_key& key, number now) {
  const bool group = key.kind == conversation_kind::group;
  const place where{key.kind, group ? key.b : relation_of(db, key, now)};
  const auto highest = db.one<number, number>(statements_of(where).highest.c_str(), {where.relate_id, highest_msg_id});
  const auto [msg_id, created] = highest.value_or(std::tuple(0u, 0u));
  const id session_a = group ? 0 : session_row(db, key.kind, key.a, key.b, now);
  const id session_b = group ? 0 : session_row(db, key.kind, key.b, key.a, now);
  db.execute(
      "UPDATE conversation SET relate_id = ?, last_msg_id = ?, last_created = ?, read_floor = ?, last_a = ?, last_b = "
      "?, "
      "session_a = ?, session_b = ? WHERE kind = ? AND a = ? AND b = ?",  // primary key
      {where.relate_id, msg_id, created, msg_id, msg_id, msg_id, session_a, session_b, raw(key.kind), key.a, key.b});
}

}  // namespace

acceptance takes_from(sql& db, number user, number author) {
  const auto row = db.one<number, number>(  // primary keys
      "SELECT u.status, b.user_id FROM IMUser u LEFT JOIN block b ON b.user_id = u.id AND b.peer_id = ? WHERE u.id = ?",
      {author, user});
  if (!row || std::get<0>(*row) == user_left) return acceptance::nobody;
  return std::get<1>(*row) == 0 ? acceptance::welcome : acceptance::blocked;
}

bool conversation_exists(sql& db, const conversation_key& key) {
  return db
      .one<number>("SELECT relate_id FROM conversation WHERE kind = ? AND a = ? AND b = ?",  // primary key
                   {raw(key.kind), key.a, key.b})
      .has_value();
}

void make_conversations(sql& db, std::span<const conversation_key> keys, number now) {
  std::vector<parley::sql_value> values;
  for (const auto& key : keys) values.insert(values.end(), {raw(key.kind), key.a, key.b});
  db.transaction([&] {
    // Whoever inserts a row holds it; whoever comes second waits here and finds it filled.
    db.insert_rows("INSERT INTO conversation(kind, a, b) VALUES", "{keep:kind,a,b}", 3, values);
    for (const auto& key : keys) {
      const auto row = lock_conversation(db, key);
      if (row && row->relate_id == 0) adopt(db, key, now);
    }
  });
}

std::optional<conversation> lock_conversation(sql& db, const conversation_key& key) {
  return lock_conversations(db, std::span(&key, 1)).front();
}

std::vector<std::optional<conversation>> lock_conversations(sql& db, std::span<const conversation_key> keys) {
  std::vector<std::optional<conversation>> found(keys.size());
  while (!keys.empty()) {
    const auto width = lock_width(keys.size());
    const auto some = keys.first(std::min(width, keys.size()));
    const auto at = found.end() - static_cast<std::ptrdiff_t>(keys.size());
    std::vector<parley::sql_value> values;
    values.reserve(3 * width);
    for (std::size_t i = 0; i < width; ++i) {
      const auto& key = some[std::min(i, some.size() - 1)];
      values.insert(values.end(), {raw(key.kind), key.a, key.b});
    }
    db.each<number, number, number, number, number, number, number, number, number, id, id>(
        lock_statement(width), values.data(), values.size(),
        [&](number kind, number a, number b, number relate_id, number msg_id, number created, number last_a,
            number last_b, number touched, id session_a, id session_b) {
          const conversation_key key{static_cast<conversation_kind>(kind), a, b};
          const auto place = std::lower_bound(some.begin(), some.end(), key);
          at[place - some.begin()] =
              conversation{relate_id, msg_id, created, last_a, last_b, touched, session_a, session_b};
        });
    keys = keys.subspan(some.size());
  }
  return found;
}

void save_conversations(sql& db, const std::vector<locked_conversation>& changed) {
  // Locked rows: the insert never happens. One statement for all of them where the database can.
  std::vector<parley::sql_value> values;
  values.reserve(changed.size() * 11);
  for (const auto& [key, row] : changed) {
    values.insert(values.end(), {raw(key.kind), key.a, key.b, row.relate_id, row.last_msg_id, row.last_created,
                                 row.last_a, row.last_b, row.touched, row.session_a, row.session_b});
  }
  db.insert_rows(
      "INSERT INTO conversation(kind, a, b, relate_id, last_msg_id, last_created, last_a, last_b, touched, session_a, "
      "session_b) VALUES",
      "{on_conflict:kind,a,b} last_msg_id = {new:last_msg_id}, last_created = {new:last_created}, last_a = "
      "{new:last_a}, "
      "last_b = {new:last_b}, touched = {new:touched}, session_a = {new:session_a}, session_b = {new:session_b}",
      11, values);
}

std::optional<whereabouts> find_conversation(sql& db, const conversation_key& key, number user) {
  if (key.kind == conversation_kind::group) return find_group(db, key.b, user);
  const auto row =
      db.one<number, number>("SELECT relate_id, last_msg_id FROM conversation WHERE kind = ? AND a = ? AND b = ?",
                             {raw(key.kind), key.a, key.b});  // primary key
  if (row) return whereabouts{{{key.kind, std::get<0>(*row)}}, std::get<1>(*row)};
  const auto relation = db.one<number>(  // index (smallId, bigId, status, updated)
      "SELECT id FROM IMRelationShip WHERE smallId = ? AND bigId = ? AND status = 0 ORDER BY id LIMIT 1",
      {key.a, key.b});
  if (!relation) return std::nullopt;
  return whereabouts{{{key.kind, std::get<0>(*relation)}}, std::nullopt};
}

}  // namespace message::store
