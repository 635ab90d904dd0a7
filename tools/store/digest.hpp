// What rows come to, whatever their order.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "store/catalog.hpp"

namespace parley::store {

struct digest {
  std::uint64_t rows = 0;
  std::uint64_t sum = 0;  // of the rows' hashes
  void add(std::uint64_t hash) {
    ++rows;
    sum += hash;
  }
  bool operator==(const digest&) const = default;
};

/// Of a row's values and their types, in the order given.
std::uint64_t hash_row(const parley_sql_value* row, std::size_t columns);

/// The column that says whose a message is: relateId of TeamTalk's IMMessage_..., groupId of IMGroupMessage_...; empty
/// for other tables.
std::string conversation_column(const std::string& lower_name);

/// Sums of conversations, folded into a fixed number of cells so that any number of them takes the same memory. A cell
/// that differs is looked at conversation by conversation.
class conversation_sums {
 public:
  static constexpr std::size_t cells = 1 << 16;
  conversation_sums() : cells_(cells) {}
  static std::size_t cell_of(bool group, std::int64_t id);
  void add(bool group, std::int64_t id, std::uint64_t hash) { cells_[cell_of(group, id)].add(hash); }
  const std::vector<digest>& all() const { return cells_; }

 private:
  std::vector<digest> cells_;
};

/// Reads the table once. `sums` gets its conversations, if it has any.
digest digest_table(end& of, const table& what, conversation_sums& sums);

/// The conversations of one cell, of one table.
std::map<std::int64_t, digest> digest_cell(end& of, const table& what, bool group, std::size_t cell);

}  // namespace parley::store
