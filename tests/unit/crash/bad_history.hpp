// Histories written by hand: good ones of two users, or of a group of three, which each test spoils in one way.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "crash/checker/checker.hpp"

namespace parley::crash {

inline constexpr std::uint32_t alice = 1, bob = 2, carol = 3, dave = 4;

/// What a history is about unless a line says otherwise.
enum class talk : std::uint8_t { of_two, in_group };

/// Every promise is tested for both.
class checker : public testing::TestWithParam<talk> {};

/// Writes lines at a clock that goes on by itself. The group has alice, bob and carol; dave is in none.
class scribe {
 public:
  static constexpr place group{true, bob};  ///< its number is also a user's, which must not matter
  static constexpr std::size_t carol_pc = 4, dave_pc = 6;

  explicit scribe(talk about) : about_(about) {
    all.terminals = {{"alice/pc", alice}, {"bob/pc", bob},        {"alice/final", alice}, {"bob/final", bob},
                     {"carol/pc", carol}, {"carol/final", carol}, {"dave/pc", dave}};
    all.members[group.id] = {alice, bob, carol};
  }

  bool in_group() const { return about_ == talk::in_group; }
  /// The terminals of end().
  std::vector<std::size_t> finals() const {
    return in_group() ? std::vector<std::size_t>{2, 3, 5} : std::vector<std::size_t>{2, 3};
  }

  line& add(std::size_t terminal, line one) {
    auto& who = all.terminals[terminal];
    one.at_ns = ++now_;
    if (one.session == 0) one.session = 1;
    if (one.with.id == 0) one.with = in_group() ? group : place{false, who.user == alice ? bob : alice};
    who.lines.push_back(one);
    return who.lines.back();
  }
  std::int64_t send(std::size_t terminal, const std::string& id, const std::string& text) {
    line one{.kind = what::send, .content = hash_of(text), .client_msg_id = id};
    return add(terminal, one).at_ns;
  }
  line& ack(std::size_t terminal, const std::string& id, std::uint32_t msg_id, std::int64_t sent_at,
            bool duplicate = false) {
    line one{.kind = what::ack, .duplicate = duplicate, .msg_id = msg_id, .client_msg_id = id, .asked_at_ns = sent_at};
    return add(terminal, one);
  }
  /// Sends and is acked.
  void say(std::size_t terminal, const std::string& id, std::uint32_t msg_id) {
    ack(terminal, id, msg_id, send(terminal, id, "text of " + id));
  }
  line message(what kind, std::uint32_t author, const std::string& id, std::uint32_t msg_id) {
    line one{.kind = kind, .author = author, .msg_id = msg_id, .created = 1000 + msg_id};
    one.content = hash_of("text of " + id);
    one.client_msg_id = id;
    return one;
  }
  line& push(std::size_t terminal, std::uint32_t author, const std::string& id, std::uint32_t msg_id) {
    return add(terminal, message(what::push, author, id, msg_id));
  }
  struct entry {
    std::uint32_t author;
    std::string id;
    std::uint32_t msg_id;
  };
  /// A page from `begin` down; newest first.
  void page(std::size_t terminal, std::uint32_t begin, const std::vector<entry>& messages, bool final = false) {
    line head{
        .kind = what::page, .final = final, .msg_id = begin, .count = static_cast<std::uint32_t>(messages.size())};
    head.asked_at_ns = now_ + 1;
    ++now_;
    add(terminal, head);
    for (const auto& m : messages) {
      auto one = message(what::page_message, m.author, m.id, m.msg_id);
      one.final = final;
      add(terminal, one);
    }
  }
  /// What everybody reads in the end.
  void end(const std::vector<entry>& messages) {
    for (const auto reader : finals()) page(reader, 0, messages, true);
  }
  void read(std::size_t terminal, std::uint32_t position) { add(terminal, {.kind = what::read, .msg_id = position}); }
  void notice(std::size_t terminal, std::uint32_t position) {
    add(terminal, {.kind = what::read_notice, .msg_id = position});
  }
  void unread(std::size_t terminal, std::uint32_t count) {
    add(terminal, {.kind = what::unread, .final = true, .count = count});
  }

  history all;

 private:
  const talk about_;
  std::int64_t now_ = 0;
};

inline std::vector<std::string> names_in(const std::map<promise, std::size_t>& of) {
  std::vector<std::string> out;
  for (const auto& [which, count] : of) out.emplace_back(name_of(which));
  std::sort(out.begin(), out.end());
  return out;
}

/// The history breaks exactly these promises, and says why.
inline void expect_broken(const scribe& of, std::vector<std::string> names) {
  const auto got = check(of.all);
  std::sort(names.begin(), names.end());
  EXPECT_EQ(names_in(got.violation_counts), names);
  for (const auto& one : got.violations) {
    EXPECT_FALSE(one.text.empty());
    EXPECT_FALSE(one.evidence.empty()) << one.text;
  }
  if (of.in_group()) {
    EXPECT_EQ(got.group_counts, got.violation_counts);
  } else {
    EXPECT_TRUE(got.group_counts.empty());
  }
}

}  // namespace parley::crash
