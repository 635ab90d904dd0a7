// All SQL of poll. [worker]
#pragma once

#include <parley/sql.hpp>

#include <algorithm>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace poll_store {

/// Two users, the lower id first.
struct pair {
  std::uint32_t a = 0, b = 0;
  static pair of(std::uint32_t one, std::uint32_t other) { return {std::min(one, other), std::max(one, other)}; }
  bool has(std::uint32_t user) const { return user == a || user == b; }
  auto operator<=>(const pair&) const = default;
};

struct question {
  std::uint64_t id = 0;
  pair who;
  std::uint32_t asked_by = 0;
  std::uint32_t ends = 0;  // Unix seconds
  bool quiet = false;
  std::string text;
  std::vector<std::string> options;
};

// Expand-only. In SQLite the names of indexes are one space for all tables, hence the table's name in front.
inline constexpr char schema[] = R"(
CREATE TABLE IF NOT EXISTS poll_question(
  id {id},
  user_a {u32} NOT NULL,
  user_b {u32} NOT NULL,
  asked_by {u32} NOT NULL,
  question {text:500} NOT NULL,
  ends {u32} NOT NULL,
  quiet {u8} NOT NULL,
  created {u32} NOT NULL
) {table};
CREATE INDEX IF NOT EXISTS poll_question_quiet ON poll_question(quiet, ends);
CREATE TABLE IF NOT EXISTS poll_option(
  poll_id {u64} NOT NULL,
  number {u32} NOT NULL,
  label {text:100} NOT NULL,
  PRIMARY KEY (poll_id, number)
) {table};
CREATE TABLE IF NOT EXISTS poll_vote(
  poll_id {u64} NOT NULL,
  user_id {u32} NOT NULL,
  number {u32} NOT NULL,
  PRIMARY KEY (poll_id, user_id)
) {table};
)";

/// Sets its id.
void add(parley::sql& db, question& q, std::uint32_t now);
std::optional<question> find(parley::sql& db, std::uint64_t id);
/// One per user: a later one takes the place of the earlier.
void vote(parley::sql& db, std::uint64_t id, std::uint32_t user, std::uint32_t option);
std::vector<std::uint32_t> tally(parley::sql& db, const question& q);
/// No votes from then on.
void end(parley::sql& db, std::uint64_t id, std::uint32_t ends);
/// Pairs that must be quiet, and until when.
std::vector<std::pair<pair, std::uint32_t>> quiet_pairs(parley::sql& db, std::uint32_t now);

}  // namespace poll_store
