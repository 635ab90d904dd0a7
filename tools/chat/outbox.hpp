#pragma once

#include <cstdint>
#include <list>
#include <string>
#include <string_view>

#include "chat/conversation.hpp"

namespace parley::chat {

/// What was written and is not acknowledged yet, in the order written. Keeps books; sends nothing.
///
///   unsent -> waiting -> (acknowledged: gone)
///                waiting -> overdue (no answer) -> waiting (resent)
///                waiting -> refused -> waiting (resent)
///   connection lost: waiting, overdue -> unsent
class outbox {
 public:
  enum class stage : std::uint8_t { unsent, waiting, overdue, refused };

  struct item {
    std::string client_msg_id;  ///< the same for every attempt
    peer to;
    std::string text;    ///< plain
    std::string sealed;  ///< as it goes out
    stage at = stage::unsent;
    int retries = 0;         ///< attempts that followed a "too fast" or "busy"
    bool attempted = false;  ///< sent at least once: the server may have it
  };

  item& add(peer to, std::string text, std::string sealed, std::string client_msg_id);

  /// nullptr when it is not there (any more).
  item* find(std::string_view client_msg_id);

  /// The acknowledged one leaves.
  void settle(std::string_view client_msg_id);

  /// After a lost connection nobody knows what became of what was under way.
  void connection_lost();

  std::list<item>& items() { return items_; }

  /// Unsent or waiting: whoever wants to leave should wait for these.
  std::size_t under_way() const;
  std::size_t size() const { return items_.size(); }

 private:
  std::list<item> items_;
};

}  // namespace parley::chat
