// Where the newest messages went: which terminals they were pushed to, and which of those said so (0x0302).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "conversation.hpp"

namespace message {

/// Two rings that forget their oldest, and an index into the first. What it holds is allocated as it fills, then never
/// again: noting a message costs some writes and no memory. [loop]
class delivery_ledger {
 public:
  struct message_id {
    conversation_key key;
    std::uint32_t number = 0;
    bool operator==(const message_id&) const = default;
  };
  struct delivery {
    std::uint64_t session = 0;
    std::uint32_t user = 0;
    std::uint32_t tag = 0;
    std::uint32_t at = 0;     ///< Unix seconds
    std::uint32_t acked = 0;  ///< likewise; 0: not yet
  };
  struct story {
    std::uint32_t author = 0;
    std::uint32_t accepted = 0;
    std::uint32_t pushed = 0;
    std::uint32_t recipients = 0;  ///< users it was for, the author among them
    bool complete = false;         ///< every terminal is in the list
    std::vector<delivery> deliveries;
  };
  static constexpr std::size_t deliveries_per_message = 4;  ///< remembered of each, on the average
  static constexpr std::uint32_t most_users = 64;           ///< of a group whose terminals are noted one by one

  explicit delivery_ledger(std::size_t most);
  bool enabled() const { return most_ > 0; }

  /// A message; pushed() adds to it until the next one. `complete`: all its terminals will be.
  void begin(const message_id& id, std::uint32_t author, std::uint32_t accepted, std::uint32_t now,
             std::uint32_t recipients, bool complete);
  void pushed(std::uint64_t session, std::uint32_t user, std::uint32_t tag);

  /// A terminal has it. False when that is not known here.
  bool acked(const message_id& id, std::uint64_t session, std::uint32_t now);
  /// The same where the terminal named the author and no conversation, as it does of groups and of what its user wrote
  /// elsewhere: among the newest 256 messages.
  bool acked_somewhere(conversation_kind kind, std::uint32_t author, std::uint32_t number, std::uint64_t session,
                       std::uint32_t now);

  std::optional<story> find(const message_id& id) const;
  std::size_t size() const { return records_.size(); }

  /// The newest that fit into so many bytes.
  std::string save(std::size_t most_bytes) const;
  /// False, and nothing has changed, when it is malformed.
  bool restore(std::string_view state);

 private:
  static constexpr std::uint32_t nobody = UINT32_MAX;
  struct record {
    message_id id;
    std::uint32_t author = 0, accepted = 0, pushed = 0, recipients = 0;
    std::uint32_t next = nobody;  // in its bucket
    std::uint32_t count = 0;
    std::uint64_t first = 0;  // in deliveries_, counted from the beginning of time
    bool complete = false;
  };
  struct saved_head;
  std::uint32_t& bucket_of(const message_id& id);
  std::uint32_t place_of(const message_id& id) const;
  void forget(std::uint32_t place);
  bool ack(const record& of, std::uint64_t session, std::uint32_t now);
  /// False when it has been overwritten.
  bool holds(const record& of) const { return made_ - of.first <= deliveries_.size(); }
  delivery& at(std::uint64_t number) { return deliveries_[number % most_deliveries_]; }
  const delivery& at(std::uint64_t number) const { return deliveries_[number % most_deliveries_]; }

  const std::size_t most_, most_deliveries_;
  std::vector<record> records_;
  std::vector<delivery> deliveries_;
  std::vector<std::uint32_t> buckets_;  // a power of two; places in records_
  std::size_t newest_ = 0;              // place of the newest record
  std::uint64_t made_ = 0;              // deliveries ever
};

}  // namespace message
