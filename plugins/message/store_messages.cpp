#include "content.hpp"
#include "store.hpp"

namespace message::store {
namespace {

using parley::sql;

}  // namespace

void new_messages::add(const place& where, const message_row& row) {
  constexpr int live = 0;
  auto& values = rows_[shard_number(where)];
  values.emplace_back(where.relate_id);
  values.emplace_back(row.author);
  if (where.kind == conversation_kind::single) values.emplace_back(row.target);
  values.insert(values.end(), {row.msg_id, row.content, row.type, live, row.created, row.created});
}

void new_messages::add_key(const place& where, const message_row& row, std::string_view client_msg_id) {
  keys_.insert(keys_.end(), {raw(where.kind), where.relate_id, row.msg_id, row.author, client_msg_id, row.created});
}

void new_messages::insert(sql& db) const {
  for (std::size_t shard = 0; shard < rows_.size(); ++shard) {
    db.insert_rows(statements_of_shard(shard).insert_head.c_str(), "", insert_columns(shard), rows_[shard]);
  }
  db.insert_rows("INSERT INTO message_key(kind, relate_id, msg_id, author, client_msg_id, created) VALUES", "", 6,
                 keys_);
}

std::optional<std::uint32_t> find_key(sql& db, const place& where, std::uint32_t author,
                                      std::string_view client_msg_id) {
  const auto found = db.one<std::uint32_t>(  // unique key
      "SELECT msg_id FROM message_key WHERE kind = ? AND relate_id = ? AND author = ? AND client_msg_id = ?",
      {raw(where.kind), where.relate_id, author, client_msg_id});
  if (!found) return std::nullopt;
  return std::get<0>(*found);
}

std::uint64_t insert_audio(sql& db, std::uint32_t author, std::uint32_t target, std::string_view audio,
                           std::uint32_t now) {
  const auto recording = audio.substr(duration_bytes);
  const auto made =
      db.execute("INSERT INTO IMAudio(fromId, toId, path, size, duration, created) VALUES (?, ?, '', ?, ?, ?)",
                 {author, target, recording.size(), duration_of(audio), now});
  db.execute("INSERT INTO audio_blob(audio_id, bytes) VALUES (?, ?)", {made.inserted_id, recording});
  return static_cast<std::uint64_t>(made.inserted_id);
}

}  // namespace message::store
