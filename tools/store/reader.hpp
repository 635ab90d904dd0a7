// A table's rows in the order of its primary key, a page at a time.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "store/catalog.hpp"

namespace parley::store {

/// Rows that own their values.
class page {
 public:
  void clear();
  void add(const parley_sql_value* row, std::size_t columns);
  bool empty() const { return cells_.empty(); }
  std::size_t bytes() const { return bytes_.size() + cells_.size() * sizeof(parley_sql_value); }
  /// Row by row; good until the next clear() or add().
  const std::vector<parley_sql_value>& values();

 private:
  std::vector<parley_sql_value> cells_;
  std::vector<std::size_t> begins_;  // in bytes_, beside cells_
  std::string bytes_;
};

class reader {
 public:
  /// Of `in`, which may lack nothing of `what`: its columns in that order, its key. `position` as position() said.
  reader(end& in, const table& what, const std::string& position = {});

  /// The next rows, about 2 MiB at most unless single ones are larger. False when there are no more.
  bool next(page& into);
  /// Behind the last row that next() gave; JSON.
  std::string position() const;
  std::uint64_t rows() const { return rows_; }

 private:
  struct key_value {
    bool integer = true;
    std::int64_t number = 0;
    std::string bytes;
    bool operator==(const key_value&) const = default;
  };
  /// The rows behind the last one: databases differ in which of two spellings they find by the index.
  std::string behind(std::vector<parley_sql_value>& values) const;
  void adapt(std::size_t rows, std::size_t bytes);

  end& end_;
  const table& table_;
  std::vector<std::size_t> key_columns_;
  std::vector<key_value> last_;
  std::size_t limit_;
  std::uint64_t rows_ = 0;
};

}  // namespace parley::store
