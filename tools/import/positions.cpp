// TeamTalk counts what is unread, Parley knows up to where was read.
#include "import/conversation.hpp"
#include "import/steps.hpp"

namespace parley::teamtalk {
namespace {

using number = std::uint32_t;
constexpr std::size_t positions_per_transaction = 200;

/// Unread messages of one user in one conversation.
struct unread_count {
  number user = 0;
  chat kind = chat::single;
  number a = 0, b = 0;  // the conversation's key
  number author = 0;    // whose messages are counted; 0: everybody's
  number count = 0;
};

/// Right before the oldest unread one. What was sent since the import (behind read_floor) is no part of it. False: the
/// conversation is not there, has nothing, or the user has a position already.
bool take(sql& db, const unread_count& one) {
  const auto row = db.one<number, number, number>(  // primary key
      "SELECT relate_id, read_floor, last_created FROM conversation WHERE kind = ? AND a = ? AND b = ?",
      {raw(one.kind), one.a, one.b});
  if (!row) return false;
  const auto [relation, floor, created] = *row;
  const auto there = db.one<number>(  // primary key
      "SELECT msg_id FROM read_position WHERE user_id = ? AND kind = ? AND relate_id = ?",
      {one.user, raw(one.kind), relation});
  if (there) return false;
  const std::string from = " FROM " + message_table(one.kind, relation) + " WHERE " + relation_column(one.kind) +
                           " = ? AND status = 0 AND msgId <= ?" + (one.author ? " AND fromId = ?" : " AND ? = 0");
  const auto oldest = db.one<number>(("SELECT msgId" + from + " ORDER BY msgId DESC LIMIT 1 OFFSET ?").c_str(),
                                     {relation, floor, one.author, one.count - 1});
  if (!oldest && !db.one<number>(("SELECT 1" + from + " LIMIT 1").c_str(), {relation, floor, one.author})) return false;
  const number position = oldest ? std::get<0>(*oldest) - 1 : 0;
  db.execute(
      "INSERT INTO read_position(user_id, kind, relate_id, msg_id, updated) VALUES (?, ?, ?, ?, ?) "
      "{keep:user_id,kind,relate_id}",
      {one.user, raw(one.kind), relation, position, created});
  return true;
}

void take_all(job& work, const std::vector<unread_count>& all) {
  auto& out = work.out();
  out.count("conversations with unread messages in Redis", all.size());
  if (work.dry()) return out.end("to do");
  std::uint64_t taken = 0;
  for (std::size_t from = 0; from < all.size(); from += positions_per_transaction) {
    std::uint64_t here = 0;
    work.transaction([&] {
      here = 0;
      const auto end = std::min(all.size(), from + positions_per_transaction);
      for (std::size_t i = from; i < end; ++i) here += take(work.db(), all[i]);
    });
    taken += here;
    out.progress(from, all.size());
  }
  work.finish();
  out.count("read positions made", taken);
  out.end("done");
}

}  // namespace

void take_read_positions(job& work, const redis_truth& redis) {
  work.enter("read positions");
  if (work.finished()) return work.out().end("was done");
  std::vector<unread_count> all;
  for (const auto& [who, count] : redis.unread) {
    const auto [user, peer] = who;
    if (user == peer) continue;
    all.push_back({user, chat::single, std::min(user, peer), std::max(user, peer), peer, count});
  }
  take_all(work, all);
}

void take_group_read_positions(job& work, const redis_truth& redis) {
  work.enter("group read positions");
  if (work.finished()) return work.out().end("was done");
  std::vector<unread_count> all;
  for (const auto& [group, total] : redis.group_total) {
    const auto members = redis.members.find(group);
    if (members == redis.members.end()) continue;
    for (const auto& [user, joined] : members->second) {
      const auto read = redis.group_read.find({group, user});
      const number seen = read == redis.group_read.end() ? 0 : read->second;
      if (total > seen) all.push_back({user, chat::group, 0, group, 0, total - seen});
    }
  }
  take_all(work, all);
}

}  // namespace parley::teamtalk
