// `CREATE INDEX IF NOT EXISTS name ON table(columns)`, taken apart.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace parley::host {

/// Borrows from the statement.
struct index_statement {
  std::string_view name;
  std::string_view table;
  std::string_view columns;  // as written between the parentheses

  /// Nothing when it is another kind of statement.
  static std::optional<index_statement> parse(std::string_view statement);
  /// Lower case, without blanks and quotes.
  std::string plain_columns() const;
};

/// The statements of a migration, each CREATE TABLE IF NOT EXISTS with the indexes that follow it in its own text.
///
/// Rationale: MySQL makes an index with its table for nearly nothing, and an index on its own as slowly as a table. The
/// CREATE INDEX stays behind: it is for tables that were there already, and does nothing where the columns are indexed.
std::vector<std::string> with_indexes(const std::vector<std::string_view>& statements);

}  // namespace parley::host
