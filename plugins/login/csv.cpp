#include "csv.hpp"

#include <algorithm>

namespace login {

csv_reader::csv_reader(std::string_view text) : rest_(text) {
  if (rest_.starts_with("\xef\xbb\xbf")) rest_.remove_prefix(3);
}

bool csv_reader::at_line_end() const {
  return rest_.empty() || rest_.front() == '\n' || rest_.starts_with("\r\n");
}

void csv_reader::skip_line_end() {
  if (rest_.empty()) return;
  rest_.remove_prefix(rest_.front() == '\r' ? 2 : 1);
  ++line_;
}

void csv_reader::skip_line() {
  rest_.remove_prefix(std::min(rest_.find('\n'), rest_.size()));
  skip_line_end();
}

std::string csv_reader::quoted(csv_record& record) {
  const std::string_view before = rest_;
  std::string field;
  for (rest_.remove_prefix(1); !rest_.empty(); rest_.remove_prefix(1)) {
    if (rest_.front() == '"') {
      rest_.remove_prefix(1);
      if (rest_.empty() || rest_.front() != '"') {
        line_ += static_cast<std::size_t>(std::count(field.begin(), field.end(), '\n'));
        if (!at_line_end() && rest_.front() != ',') record.fault = "there is text behind a closing quote";
        return field;
      }
    }
    field += rest_.front();
  }
  rest_ = before;
  record.fault = "a quote is opened and never closed";
  return {};
}

std::string csv_reader::plain(csv_record& record) {
  std::string field;
  for (; !at_line_end() && rest_.front() != ','; rest_.remove_prefix(1)) {
    if (rest_.front() == '"') {
      record.fault = "a quote stands inside a field; quote the whole field and double the quote";
      return {};
    }
    field += rest_.front();
  }
  return field;
}

std::optional<csv_record> csv_reader::next() {
  while (!rest_.empty() && at_line_end()) skip_line_end();
  if (rest_.empty()) return std::nullopt;
  csv_record record;
  record.line = line_;
  for (;;) {
    const bool quotes = !rest_.empty() && rest_.front() == '"';
    record.fields.push_back(quotes ? quoted(record) : plain(record));
    if (!record.fault.empty()) {
      skip_line();
      return record;
    }
    if (at_line_end()) {
      skip_line_end();
      return record;
    }
    rest_.remove_prefix(1);
  }
}

}  // namespace login
