// The inside of a commit's transaction: numbers for what is new, the first answer for what came again.
#pragma once

#include <span>
#include <vector>

#include "commit.hpp"
#include "store.hpp"

namespace message {

/// Whether client_msg_ids are looked up, or a conflict is to tell that one is not new.
enum class keys_are { assumed_new, looked_up };

/// For one transaction. [worker]
class numbering {
 public:
  numbering(parley::sql& db, std::uint32_t now, keys_are keys) : db_(db), now_(now), keys_(keys) {}

  /// Items of one conversation in the order they came, conversations in order of key: locks it and numbers them.
  void add(std::span<outgoing* const> items);
  /// Writes all rows.
  void save();

 private:
  bool settle_resend(const store::place& where, outgoing& item, const outgoing* earlier);
  bool number(store::locked_conversation& conversation, outgoing& item);

  parley::sql& db_;
  const std::uint32_t now_;
  const keys_are keys_;
  store::new_messages rows_;
  std::vector<store::locked_conversation> changed_;
};

}  // namespace message
