// Comma-separated values as RFC 4180 has them.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace login {

struct csv_record {
  std::size_t line = 0;  ///< where it begins, from 1
  std::vector<std::string> fields;
  std::string fault;  ///< why it cannot be read; the next record starts behind the end of that line
};

/// Reads record by record. A byte order mark, lines ending in LF or CRLF, and blank lines are taken as they come; a
/// quoted field may hold commas, line ends and doubled quotes.
class csv_reader {
 public:
  /// `text` is borrowed.
  explicit csv_reader(std::string_view text);

  std::optional<csv_record> next();

 private:
  bool at_line_end() const;
  void skip_line_end();
  void skip_line();
  std::string quoted(csv_record& record);
  std::string plain(csv_record& record);

  std::string_view rest_;
  std::size_t line_ = 1;
};

}  // namespace login
