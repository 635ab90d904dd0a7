#include "host/pool/index_statement.hpp"

#include <cctype>

namespace parley::host {

namespace {

constexpr std::string_view index_head = "CREATE INDEX IF NOT EXISTS ";
constexpr std::string_view table_head = "CREATE TABLE IF NOT EXISTS ";

std::string_view trimmed(std::string_view text) {
  static constexpr std::string_view blank = " \t\r\n`\"";
  const auto first = text.find_first_not_of(blank);
  return first == text.npos ? std::string_view{} : text.substr(first, text.find_last_not_of(blank) - first + 1);
}

std::string_view table_made_by(std::string_view statement) {
  if (!statement.starts_with(table_head)) return {};
  return trimmed(statement.substr(table_head.size(), statement.find('(') - table_head.size()));
}

}  // namespace

std::optional<index_statement> index_statement::parse(std::string_view statement) {
  if (!statement.starts_with(index_head)) return std::nullopt;
  const auto on = statement.find(" ON ", index_head.size());
  const auto open = statement.find('(', on);
  const auto close = statement.rfind(')');
  if (on == statement.npos || open == statement.npos || close == statement.npos || close < open) return std::nullopt;
  return index_statement{trimmed(statement.substr(index_head.size(), on - index_head.size())),
                         trimmed(statement.substr(on + 4, open - on - 4)),
                         statement.substr(open + 1, close - open - 1)};
}

std::string index_statement::plain_columns() const {
  std::string out;
  for (const char c : columns) {
    if (c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '`' || c == '"') continue;
    out += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  }
  return out;
}

std::vector<std::string> with_indexes(const std::vector<std::string_view>& statements) {
  std::vector<std::string> out(statements.begin(), statements.end());
  for (std::size_t i = 0; i < statements.size(); ++i) {
    const auto index = index_statement::parse(statements[i]);
    for (auto t = i; index && t-- > 0;) {
      if (table_made_by(statements[t]) != index->table) continue;
      const auto key = ",\n  KEY " + std::string(index->name) + " (" + std::string(index->columns) + ")";
      if (const auto end = out[t].rfind(')'); end != std::string::npos) out[t].insert(end, key);
      break;
    }
  }
  return out;
}

}  // namespace parley::host
