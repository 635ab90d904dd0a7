#include "commit.hpp"

#include <algorithm>
#include <map>
#include <vector>

#include "numbering.hpp"
#include "store.hpp"

namespace message {
namespace {

using parley::sql;
using parley::sql_error;
using parley::status;
using item_span = std::span<outgoing* const>;

void fail_all(item_span items, status code) {
  for (auto* item : items) item->verdict = code;
}

/// Groups are asked about again under the lock; here only so that nobody makes conversations of groups that are not.
status may_write(sql& db, const outgoing& item) {
  if (item.key.kind == conversation_kind::group) {
    return store::find_group(db, item.target, item.author) ? status::ok : status::no_target;
  }
  return store::admission_of(store::takes_from(db, item.target, item.author));
}

}  // namespace

/// May it go there? The same question is asked once per batch. Makes the conversations that are new.
void committer::admit(sql& db, item_span items, std::uint32_t now) const {
  std::map<std::pair<conversation_key, std::uint32_t>, status> asked;  // by author
  std::vector<conversation_key> missing;
  for (auto* item : items) {
    if (item->checked || (item->key.kind == conversation_kind::group && rosters_.knows(item->target))) continue;
    const auto [answer, first] = asked.try_emplace({item->key, item->author}, status::ok);
    if (first) {
      answer->second = may_write(db, *item);
      if (answer->second == status::ok && !store::conversation_exists(db, item->key)) missing.push_back(item->key);
    }
    item->verdict = answer->second;
    // Perhaps sent before its author left the group: the numbering tells.
    const bool group = item->key.kind == conversation_kind::group;
    if (group && item->verdict == status::no_target && !item->client_msg_id.empty() &&
        store::conversation_exists(db, item->key)) {
      item->verdict = status::ok;
    }
  }
  if (missing.empty()) return;
  std::sort(missing.begin(), missing.end());
  missing.erase(std::unique(missing.begin(), missing.end()), missing.end());
  store::make_conversations(db, missing, now);
}

/// One transaction's work on items sorted by conversation.
void committer::write(sql& db, item_span items, std::uint32_t now, keys_are keys) {
  numbering batch(db, rosters_, now, keys);
  batch.add(items);
  batch.save();
}

std::string committer::run(sql& db, item_span items, std::uint32_t now) {
  try {
    admit(db, items, now);
  } catch (const sql_error& e) {
    fail_all(items, e.code);
    return e.what();
  }
  std::vector<outgoing*> sorted;
  sorted.reserve(items.size());
  std::copy_if(items.begin(), items.end(), std::back_inserter(sorted),
               [](const outgoing* item) { return item->verdict == status::ok; });
  if (sorted.empty()) return {};
  std::stable_sort(sorted.begin(), sorted.end(), [](const outgoing* x, const outgoing* y) { return x->key < y->key; });

  if (wary_ <= 0) {
    try {
      db.transaction([&] { write(db, sorted, now, keys_are::assumed_new); });
      return {};
    } catch (const sql_error& e) {
      if (e.code == status::conflict) wary_ = wary_batches;
      const bool one_is_guilty =
          e.code == status::conflict || e.code == status::data_error || e.code == status::too_large;
      if (!one_is_guilty) {
        fail_all(sorted, e.code);
        return e.what();
      }
    }
  } else {
    --wary_;
  }
  std::string failure;
  parley::commit_bisecting(
      db, item_span(sorted), [&](item_span some) { write(db, some, now, keys_are::looked_up); },
      [&](outgoing& item, status code, const char* text) {
        item.verdict = code;
        failure = text;
      });
  return failure;
}

}  // namespace message
