#include "numbering.hpp"

#include <algorithm>
#include <map>

namespace message {

using parley::status;

void numbering::add(std::span<outgoing* const> items) {
  std::vector<conversation_key> keys;
  for (const auto* item : items) {
    if (keys.empty() || keys.back() != item->key) keys.push_back(item->key);
  }
  const auto rows = store::lock_conversations(db_, keys);
  std::vector<std::uint32_t> groups;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (keys[i].kind == conversation_kind::group && rows[i]) groups.push_back(keys[i].b);
  }
  const auto members = rosters_.lock(db_, groups);
  auto from = items.begin();
  for (std::size_t i = 0; i < keys.size(); ++i) {
    const auto to = std::find_if(from, items.end(), [&](const outgoing* item) { return item->key != keys[i]; });
    const auto roster = keys[i].kind == conversation_kind::group ? members.find(keys[i].b) : members.end();
    add(keys[i], rows[i], roster == members.end() ? nullptr : roster->second, std::span(from, to));
    from = to;
  }
}

void numbering::add(const conversation_key& key, const std::optional<store::conversation>& row,
                    const shared_roster& members, std::span<outgoing* const> items) {
  // A batch may be tried more than once.
  for (auto* item : items) {
    item->verdict = row ? status::ok : status::unavailable;
    item->duplicate = false;
    item->msg_id = 0;
    item->members = members;
    if (key.kind == conversation_kind::group && !(members && members->has(item->author))) {
      item->verdict = status::no_target;
    }
  }
  if (!row) return;
  store::locked_conversation conversation{key, *row};
  const store::place where{key.kind, row->relate_id};
  std::map<std::pair<std::uint32_t, std::string_view>, const outgoing*> first_of;
  bool changed = false;
  for (auto* item : items) {
    item->relate_id = row->relate_id;
    if (item->verdict != status::ok) {
      recall(where, *item);
      continue;
    }
    if (!item->client_msg_id.empty()) {
      const auto [first, is_new] = first_of.try_emplace({item->author, item->client_msg_id}, item);
      if (settle_resend(where, *item, is_new ? nullptr : first->second)) continue;
    }
    changed |= number(conversation, *item);
  }
  if (changed) changed_.push_back(conversation);
}

/// Whoever is in the group no more still gets the first ack of what it had sent before.
void numbering::recall(const store::place& where, outgoing& item) {
  if (item.client_msg_id.empty()) return;
  const auto msg_id = store::find_key(db_, where, item.author, item.client_msg_id);
  if (!msg_id) return;
  item.verdict = status::ok;
  item.duplicate = true;
  item.msg_id = *msg_id;
}

/// `earlier`: the same client_msg_id in this batch.
bool numbering::settle_resend(const store::place& where, outgoing& item, const outgoing* earlier) {
  if (earlier) {
    item.verdict = earlier->verdict;
    item.msg_id = earlier->msg_id;
    return item.duplicate = true;
  }
  if (keys_ == keys_are::assumed_new) return false;
  const auto msg_id = store::find_key(db_, where, item.author, item.client_msg_id);
  item.duplicate = msg_id.has_value();
  item.msg_id = msg_id.value_or(0);
  return item.duplicate;
}

bool numbering::number(store::locked_conversation& conversation, outgoing& item) {
  auto& row = conversation.row;
  if (row.last_msg_id >= highest_msg_id) {
    item.verdict = status::unavailable;
    return false;
  }
  item.msg_id = ++row.last_msg_id;
  item.created = row.last_created = std::max(now_, row.last_created);
  (item.author == conversation.key.a ? row.last_a : row.last_b) = item.msg_id;
  if (item.is_audio) {
    item.audio_id = std::to_string(store::insert_audio(db_, item.author, item.target, item.content, item.created));
  }
  const store::place where{conversation.key.kind, row.relate_id};
  const store::new_messages::message_row message{
      item.author, item.target, item.msg_id, item.is_audio ? std::string_view(item.audio_id) : item.content,
      item.type,   item.created};
  rows_.add(where, message);
  if (!item.client_msg_id.empty()) rows_.add_key(where, message, item.client_msg_id);
  return true;
}

void numbering::save() {
  rows_.insert(db_);
  std::vector<store::locked_conversation*> untouched;
  for (auto& one : changed_) {
    if (one.row.touched == now_) continue;
    one.row.touched = now_;
    untouched.push_back(&one);
  }
  store::touch_sessions(db_, untouched, now_);
  store::save_conversations(db_, changed_);
}

}  // namespace message
