#include <parley/in_list.hpp>

#include <array>
#include <charconv>

#include "store.hpp"

namespace message::store {
namespace {

using number = std::uint32_t;
using id = std::uint64_t;
using parley::sql;

// TeamTalk's: 0 is there, 1 was removed. The index has the status in front of the time.
constexpr number statuses[] = {0, 1};

struct deletion {
  explicit deletion(std::size_t shard) : rows("DELETE FROM " + table_of_shard(shard) + " WHERE id IN ") {}
  parley::in_list rows;  // primary key
};

const deletion& deletion_of(const place& where) {
  static const auto all = []<std::size_t... I>(std::index_sequence<I...>) {
    return std::array<deletion, shard_count>{deletion(I)...};
  }
  (std::make_index_sequence<shard_count>());
  return all[shard_number(where)];
}

struct old_rows {
  std::vector<id> ids;
  std::vector<number> msg_ids;
  std::vector<id> recordings;
};

old_rows find_old(sql& db, const place& where, number before, number most) {
  old_rows found;
  for (const auto status : statuses) {
    if (found.ids.size() >= most) break;
    db.each<id, number, number, std::string_view>(
        statements_of(where).old.c_str(), {where.relate_id, status, before, most - found.ids.size()},
        [&](id row, number msg_id, number type, std::string_view content) {
          found.ids.push_back(row);
          found.msg_ids.push_back(msg_id);
          id recording = 0;
          std::from_chars(content.data(), content.data() + content.size(), recording);
          if (stored_message{.type = type}.is_audio() && recording != 0) found.recordings.push_back(recording);
        });
  }
  return found;
}

}  // namespace

std::vector<relation> relations_behind(sql& db, conversation_kind kind, number after, number most) {
  std::vector<relation> found;
  if (kind == conversation_kind::group) {
    db.each<number>("SELECT id FROM IMGroup WHERE id > ? ORDER BY id LIMIT ?", {after, most},  // primary key
                    [&](number group) {
                      found.push_back({{kind, group}, conversation_key::group(group)});
                    });
    return found;
  }
  db.each<number, number, number>("SELECT id, smallId, bigId FROM IMRelationShip WHERE id > ? ORDER BY id LIMIT ?",
                                  {after, most},  // primary key
                                  [&](number relation, number a, number b) {
                                    found.push_back({{kind, relation}, conversation_key::single(a, b)});
                                  });
  return found;
}

std::vector<relation> relations_of(sql& db, const conversation_key& key) {
  if (key.kind == conversation_kind::group) return {{{key.kind, key.b}, key}};
  std::vector<relation> found;
  db.each<number>("SELECT id FROM IMRelationShip WHERE smallId = ? AND bigId = ?",  // index (smallId, bigId, ...)
                  {key.a, key.b}, [&](number relation) {
                    found.push_back({{key.kind, relation}, key});
                  });
  return found;
}

std::vector<relation> with_old(sql& db, const std::vector<relation>& some, number before) {
  std::vector<relation> found;
  for (const auto& one : some) {
    if (!find_old(db, one.where, before, 1).ids.empty()) found.push_back(one);
  }
  return found;
}

std::size_t remove_old(sql& db, const relation& one, number before, number most, number now) {
  // The counter has to be there before what it was counted from goes.
  if (!conversation_exists(db, one.key)) make_conversations(db, std::span(&one.key, 1), now);
  static const parley::in_list keys("DELETE FROM message_key WHERE kind = ? AND relate_id = ? AND msg_id IN ");
  static const parley::in_list recordings("DELETE FROM IMAudio WHERE id IN ");
  static const parley::in_list bytes("DELETE FROM audio_blob WHERE audio_id IN ");
  std::size_t removed = 0;
  db.transaction([&] {
    const auto old = find_old(db, one.where, before, most);
    deletion_of(one.where).rows.execute(db, {}, old.ids);
    keys.execute(db, {raw(one.where.kind), one.where.relate_id}, old.msg_ids);  // primary key
    recordings.execute(db, {}, old.recordings);                                 // primary key
    bytes.execute(db, {}, old.recordings);                                      // primary key
    removed = old.ids.size();
  });
  return removed;
}

}  // namespace message::store
