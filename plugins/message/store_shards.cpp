#include "store_shards.hpp"

#include <parley/in_list.hpp>

#include <array>

namespace message::store {
namespace {

constexpr std::size_t shards_per_kind = 8;

shard_statements make(std::size_t number) {
  const bool group = number >= shards_per_kind;
  const std::string table = table_of_shard(number);
  const std::string owner = group ? "groupId" : "relateId";
  const std::string author = group ? "userId" : "fromId";
  const std::string select = "SELECT msgId, " + author + ", created, type, content FROM " + table;
  const std::string visible = " WHERE " + owner + " = ? AND status = 0 AND msgId > ? AND created >= ?";
  const auto marks = parley::marks(ids_per_query);

  shard_statements all;
  all.insert_head = "INSERT INTO " + table + "(" + owner + ", " + author + (group ? "" : ", toId") +
                    ", msgId, content, type, status, created, updated) VALUES";
  all.page = select + visible + " AND msgId <= ? ORDER BY msgId DESC LIMIT ?";
  all.by_ids = select + visible + " AND msgId IN (" + marks + ") ORDER BY msgId DESC";
  all.newest = select + visible + " AND msgId <= ? ORDER BY msgId DESC LIMIT 1";
  // Ordered and limited inside: so that MariaDB walks S down from the newest, and a reader's own messages end it too.
  all.unread = "SELECT COUNT(*) FROM (SELECT " + author + " AS author FROM " + table + visible +
               " AND msgId <= ? ORDER BY msgId DESC LIMIT ?) AS recent WHERE author <> ?";
  all.highest = "SELECT MAX(msgId), MAX(created) FROM " + table + " WHERE " + owner + " = ? AND msgId <= ?";
  all.old = "SELECT id, msgId, type, content FROM " + table + " WHERE " + owner +
            " = ? AND status = ? AND created < ? ORDER BY created LIMIT ?";
  return all;
}

std::array<shard_statements, shard_count> make_all() {
  std::array<shard_statements, shard_count> all;
  for (std::size_t i = 0; i < all.size(); ++i) all[i] = make(i);
  return all;
}

}  // namespace

std::string table_of_shard(std::size_t number) {
  return (number >= shards_per_kind ? "IMGroupMessage_" : "IMMessage_") + std::to_string(number % shards_per_kind);
}

std::size_t shard_number(const place& where) {
  return where.relate_id % shards_per_kind + (where.kind == conversation_kind::group ? shards_per_kind : 0);
}

const shard_statements& statements_of_shard(std::size_t number) {
  static const auto all = make_all();
  return all[number];
}

const shard_statements& statements_of(const place& where) {
  return statements_of_shard(shard_number(where));
}

std::size_t insert_columns(std::size_t shard) {
  return shard < shards_per_kind ? 9 : 8;
}

}  // namespace message::store
