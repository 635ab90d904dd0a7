// Group commit: messages that waited together become one transaction.
#pragma once

#include <parley/lane.hpp>

#include <atomic>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "conversation.hpp"
#include "roster.hpp"

namespace message {

/// One message on its way into the database. Lives in the sender's coroutine; texts are borrowed from it.
struct outgoing {
  void* waiting = nullptr;  // the lane's

  conversation_key key;
  std::uint32_t author = 0;
  std::uint32_t target = 0;
  std::uint32_t type = 0;
  bool is_audio = false;
  bool checked = false;  // the target exists and so does the conversation
  std::string_view content;
  std::string_view client_msg_id;  // empty: none

  parley::status verdict = parley::status::ok;
  bool duplicate = false;  // msg_id is an earlier message's
  std::uint32_t msg_id = 0;
  std::uint32_t relate_id = 0;
  std::uint32_t created = 0;
  std::string audio_id;
  shared_roster members;  // of a group, as the commit saw it
};

/// Whether client_msg_ids are looked up, or a conflict is to tell that one is not new.
enum class keys_are { assumed_new, looked_up };

/// Batches of one plugin instance; several may run at a time, each with a connection of its own. [worker]
class committer {
 public:
  /// Sets every item's verdict, and what a committed one got. The text of a failure is for the log.
  std::string run(parley::sql& db, std::span<outgoing* const> items, std::uint32_t now);

 private:
  void admit(parley::sql& db, std::span<outgoing* const> items, std::uint32_t now) const;
  void write(parley::sql& db, std::span<outgoing* const> items, std::uint32_t now, keys_are keys);

  rosters rosters_;
  /// A resend is found by its key's conflict, which costs the batch a second try. Resends come in swarms, so the next
  /// few batches look first.
  static constexpr int wary_batches = 16;
  std::atomic<int> wary_ = 0;
};

}  // namespace message
