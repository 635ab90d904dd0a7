#include <charconv>
#include <map>

#include "content.hpp"
#include "store.hpp"

namespace message::store {
namespace {

using IM::BaseDefine::MsgInfo;
using number = std::uint32_t;
using parley::sql;
using parley::sql_value;
using text = std::string_view;

std::vector<stored_message> read(sql& db, const std::string& statement, std::span<const sql_value> parameters) {
  std::vector<stored_message> found;
  db.each<number, number, number, number, text>(
      statement.c_str(), parameters.data(), parameters.size(),
      [&](number msg_id, number author, number created, number type, text content) {
        found.push_back({msg_id, author, created, type, std::string(content)});
      });
  return found;
}

/// A recording as its sender sent it; without its bytes, an empty one of the same length.
std::string read_audio(sql& db, text audio_id) {
  std::uint64_t id = 0;
  std::from_chars(audio_id.data(), audio_id.data() + audio_id.size(), id);
  std::string audio = with_duration(0, {});
  db.each<number, text>(  // primary keys
      "SELECT a.duration, b.bytes FROM IMAudio a LEFT JOIN audio_blob b ON b.audio_id = a.id WHERE a.id = ?", {id},
      [&](number duration, text recording) { audio = with_duration(duration, recording); });
  return audio;
}

message_list to_list(sql& db, std::vector<stored_message> rows) {
  message_list list;
  reply_budget budget;
  for (auto& row : rows) {
    if (!IM::BaseDefine::MsgType_IsValid(static_cast<int>(row.type))) continue;
    MsgInfo one;
    one.set_msg_id(row.msg_id);
    one.set_from_session_id(row.author);
    one.set_create_time(row.created);
    one.set_msg_type(static_cast<IM::BaseDefine::MsgType>(row.type));
    one.set_msg_data(row.is_audio() ? read_audio(db, row.content) : std::move(row.content));
    if (!budget.take(one.ByteSizeLong())) break;
    list.Add(std::move(one));
  }
  return list;
}

/// The list is small beside reply_budget: 100 to 200 ids of 64 bytes.
void add_client_ids(sql& db, const place& where, message_list& list) {
  if (list.empty()) return;
  std::map<number, MsgInfo*> by_id;
  for (auto& one : list) by_id[one.msg_id()] = &one;
  const auto add = [&](number msg_id, text client_id) {
    if (const auto found = by_id.find(msg_id); found != by_id.end()) {
      found->second->set_client_msg_id(client_id.data(), client_id.size());
    }
  };
  const number lowest = by_id.begin()->first, highest = by_id.rbegin()->first;
  if (highest - lowest < 1000) {
    db.each<number, text>(  // primary key
        "SELECT msg_id, client_msg_id FROM message_key WHERE kind = ? AND relate_id = ? AND msg_id >= ? AND msg_id <= "
        "?",
        {raw(where.kind), where.relate_id, lowest, highest}, add);
    return;
  }
  for (const auto& [msg_id, one] : by_id) {
    db.each<number, text>(
        "SELECT msg_id, client_msg_id FROM message_key WHERE kind = ? AND relate_id = ? AND msg_id = ?",
        {raw(where.kind), where.relate_id, msg_id}, add);  // primary key
  }
}

}  // namespace

bool stored_message::is_audio() const {
  return type == IM::BaseDefine::MSG_TYPE_SINGLE_AUDIO || type == IM::BaseDefine::MSG_TYPE_GROUP_AUDIO;
}

std::optional<stored_message> newest_message(sql& db, const view& seen) {
  const sql_value parameters[] = {seen.where.relate_id, seen.since_msg_id, seen.since_created, highest_msg_id};
  auto found = read(db, statements_of(seen.where).newest, parameters);
  if (found.empty()) return std::nullopt;
  return std::move(found.front());
}

message_list messages_before(sql& db, const view& seen, number begin, number count, bool with_client_ids) {
  const number from = begin == 0 ? highest_msg_id : std::min(begin, highest_msg_id);
  const sql_value parameters[] = {seen.where.relate_id, seen.since_msg_id, seen.since_created, from, count};
  auto list = to_list(db, read(db, statements_of(seen.where).page, parameters));
  if (with_client_ids) add_client_ids(db, seen.where, list);
  return list;
}

message_list messages_by_id(sql& db, const view& seen, std::span<const number> ids, bool with_client_ids) {
  // Always as many parameters, so that one statement stays prepared; 0 is nobody's number.
  std::vector<sql_value> parameters{seen.where.relate_id, seen.since_msg_id, seen.since_created};
  parameters.insert(parameters.end(), ids.begin(), ids.begin() + std::ptrdiff_t(std::min(ids.size(), ids_per_query)));
  parameters.resize(3 + ids_per_query, sql_value(0));
  auto list = to_list(db, read(db, statements_of(seen.where).by_ids, parameters));
  if (with_client_ids) add_client_ids(db, seen.where, list);
  return list;
}

}  // namespace message::store
