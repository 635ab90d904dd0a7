// A history by conversation, message and time, made once for all checks.
#pragma once

#include <map>
#include <string>
#include <unordered_map>
#include <vector>

#include "crash/checker/checker.hpp"

namespace parley::crash {

/// A line and whose it is; valid as long as the history.
struct seen {
  const terminal* who = nullptr;
  const line* what = nullptr;

  const line* operator->() const { return what; }
  explicit operator bool() const { return what != nullptr; }
};

inline conversation conversation_of(const seen& s) {
  return conversation_of(s.who->user, s->with);
}

/// What makes a message itself: where, whose, and its client_msg_id, or its content when it has none.
struct identity {
  conversation where;
  std::uint32_t author = 0;
  std::string id;

  bool operator==(const identity&) const = default;
  auto operator<=>(const identity&) const = default;
};

std::string id_of(const line& one);

struct message_story {
  std::vector<seen> sends;  // by time within a terminal
  std::vector<seen> acks;
  std::vector<seen> finals;  // one per msg_id
};

/// "From this time on at least msg_id was there", for one conversation.
struct knowledge {
  std::int64_t since_ns = 0;
  seen from;
};

class index {
 public:
  explicit index(const history& of);

  std::map<identity, message_story> messages;
  std::map<conversation, std::map<std::uint32_t, seen>> finals;  // by msg_id; of the reader that came first

  /// Is the user one of the two, or a member?
  bool belongs(const conversation& where, std::uint32_t user) const;
  bool belongs(const seen& s) const { return belongs(conversation_of(s), s.who->user); }
  seen final_of(const conversation& where, std::uint32_t msg_id) const;
  /// The line with the highest msg_id that anybody had seen before `at_ns`; nothing when nobody had.
  seen newest_known(const conversation& where, std::int64_t at_ns) const;

 private:
  void add(const seen& s);
  void add_knowledge();

  const std::map<std::uint32_t, std::set<std::uint32_t>>& members_;
  std::map<conversation, std::vector<knowledge>> known_;  // rising in time and msg_id
};

/// Collects violations with their evidence.
class findings {
 public:
  explicit findings(report& into) : into_(into) {}
  /// The evidence is all of one conversation.
  void add(promise which, std::string text, std::initializer_list<seen> evidence);

 private:
  report& into_;
};

std::string text_of(const conversation& where);

void check_acks(const index& of, findings& out);
void check_resends(const index& of, findings& out);
void check_origin(const index& of, findings& out);
void check_numbers(const index& of, findings& out);
void check_sender_order(const history& all, findings& out);
void check_pages(const history& all, const index& of, findings& out);
void check_pushes(const history& all, const index& of, findings& out);
void check_positions(const history& all, const index& of, findings& out);
void check_strangers(const history& all, const index& of, findings& out);

}  // namespace parley::crash
