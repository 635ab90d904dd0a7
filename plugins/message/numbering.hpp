// The inside of a commit's transaction: numbers for what is new, the first answer for what came again.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "commit.hpp"
#include "store.hpp"

namespace message {

/// For one transaction. [worker]
class numbering {
 public:
  numbering(parley::sql& db, rosters& groups, std::uint32_t now, keys_are keys)
      : db_(db), rosters_(groups), now_(now), keys_(keys) {}

  /// Items sorted by conversation, those of one in the order they came: locks the conversations, then their groups, and
  /// numbers the items.
  void add(std::span<outgoing* const> items);
  /// Writes all rows.
  void save();

 private:
  void add(const conversation_key& key, const std::optional<store::conversation>& row, const shared_roster& members,
           std::span<outgoing* const> items);
  void recall(const store::place& where, outgoing& item);
  bool settle_resend(const store::place& where, outgoing& item, const outgoing* earlier);
  bool number(store::locked_conversation& conversation, outgoing& item);

  parley::sql& db_;
  rosters& rosters_;
  const std::uint32_t now_;
  const keys_are keys_;
  store::new_messages rows_;
  std::vector<store::locked_conversation> changed_;
};

}  // namespace message
