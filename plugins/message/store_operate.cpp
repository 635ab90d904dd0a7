#include "store_operate.hpp"

#include <parley/in_list.hpp>

#include <array>
#include <charconv>

namespace message::store {
namespace {

using number = std::uint32_t;
using parley::sql;
using parley::sql_value;

/// Of one table.
struct operator_statements {
  std::string withdraw, state, rows;
};

operator_statements make_operator_statements(std::size_t shard) {
  const bool group = shard >= shard_count / 2;
  const std::string table = table_of_shard(shard);
  const std::string owner = group ? "groupId" : "relateId";
  const std::string author = group ? "userId" : "fromId";
  operator_statements all;
  all.withdraw =  // S (store_shards.hpp)
      "UPDATE " + table + " SET status = 1, updated = ? WHERE " + owner + " = ? AND status = 0 AND msgId = ?";
  all.state =  // S
      "SELECT " + author + ", created, updated, status FROM " + table + " WHERE " + owner +
      " = ? AND status IN (0, 1) AND msgId = ? ORDER BY status LIMIT 1";
  all.rows =  // primary key
      "SELECT id, " + author + ", " + (group ? "groupId" : "toId") + ", msgId, created, type, status, content FROM " +
      table + " WHERE id <= ? ORDER BY id DESC LIMIT ?";
  return all;
}

const operator_statements& operator_statements_of(std::size_t shard) {
  static const auto all = []<std::size_t... I>(std::index_sequence<I...>) {
    return std::array<operator_statements, shard_count>{make_operator_statements(I)...};
  }
  (std::make_index_sequence<shard_count>());
  return all[shard];
}

}  // namespace

std::optional<place> place_of(sql& db, const conversation_key& key) {
  if (key.kind == conversation_kind::group) {
    const auto group = db.one<number>("SELECT id FROM IMGroup WHERE id = ?", {key.b});  // primary key
    return group ? std::optional(place{key.kind, key.b}) : std::nullopt;
  }
  const auto found = find_conversation(db, key, key.a);
  return found ? std::optional(found->seen.where) : std::nullopt;
}

std::vector<stored_message> page_of(sql& db, const place& where, number begin, number count) {
  std::vector<stored_message> found;
  db.each<number, number, number, number, std::string_view>(
      statements_of(where).page.c_str(), {where.relate_id, 0, 0, begin, count},
      [&](number msg_id, number author, number created, number type, std::string_view content) {
        found.push_back({msg_id, author, created, type, std::string(content)});
      });
  return found;
}

recording recording_of(sql& db, const stored_message& audio) {
  std::uint64_t id = 0;
  std::from_chars(audio.content.data(), audio.content.data() + audio.content.size(), id);
  const auto row = db.one<number, number>("SELECT duration, size FROM IMAudio WHERE id = ?", {id});  // primary key
  return row ? recording{std::get<0>(*row), std::get<1>(*row)} : recording();
}

bool withdraw(sql& db, const place& where, number msg_id, number now) {
  return db.execute(operator_statements_of(shard_number(where)).withdraw.c_str(), {now, where.relate_id, msg_id})
             .affected > 0;
}

std::optional<message_state> state_of(sql& db, const place& where, number msg_id) {
  const auto row = db.one<number, number, number, number>(operator_statements_of(shard_number(where)).state.c_str(),
                                                          {where.relate_id, msg_id});
  if (!row) return std::nullopt;
  const auto [author, created, updated, status] = *row;
  return message_state{author, created, updated, status != 0};
}

std::vector<reader> readers_of(sql& db, const place& where, number msg_id, std::span<const std::uint64_t> users) {
  static const parley::long_in_list positions(  // primary key
      "SELECT user_id, msg_id, updated FROM read_position WHERE kind = ? AND relate_id = ? AND msg_id >= ? AND user_id "
      "IN ");
  std::vector<reader> found;
  positions.each({raw(where.kind), where.relate_id, msg_id}, users,
                 [&](const char* statement, const sql_value* values, std::size_t count) {
                   db.each<number, number, number>(statement, values, count,
                                                   [&](number user, number position, number at) {
                                                     found.push_back({user, position, at});
                                                   });
                 });
  return found;
}

std::vector<looked_at> rows_of_shard(sql& db, std::size_t shard, std::uint64_t from, number count) {
  const bool group = shard >= shard_count / 2;
  std::vector<looked_at> found;
  db.each<std::uint64_t, number, number, number, number, number, number, std::string_view>(
      operator_statements_of(shard).rows.c_str(), {from, count},
      [&](std::uint64_t row, number author, number target, number msg_id, number created, number type, number status,
          std::string_view content) {
        const auto key = group ? conversation_key::group(target) : conversation_key::single(author, target);
        const auto seen = status == 0 ? content : std::string_view();
        found.push_back({row, key, {msg_id, author, created, type, std::string(seen)}});
      });
  return found;
}

std::optional<number> next_peer(sql& db, number user, number from) {
  const auto row = db.one<number>(  // index (userId, peerId, type)
      "SELECT peerId FROM IMRecentSession WHERE userId = ? AND peerId >= ? AND type = 1 ORDER BY peerId LIMIT 1",
      {user, from});
  return row ? std::optional(std::get<0>(*row)) : std::nullopt;
}

}  // namespace message::store
