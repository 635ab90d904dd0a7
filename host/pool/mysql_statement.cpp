#include "host/pool/mysql_statement.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>

#include "host/pool/dialect.hpp"

namespace parley::host {

namespace {

/// The length of the character that begins here, 0 when there is none.
std::size_t character(const unsigned char* at, const unsigned char* end) {
  const auto c = *at;
  if (c < 0x80) return c != 0;
  const std::size_t size = c >= 0xc2 && c < 0xe0 ? 2 : c >= 0xe0 && c < 0xf0 ? 3 : c >= 0xf0 && c < 0xf5 ? 4 : 0;
  if (size == 0 || static_cast<std::size_t>(end - at) < size) return 0;
  for (std::size_t i = 1; i < size; ++i) {
    if ((at[i] & 0xc0) != 0x80) return 0;
  }
  if (c == 0xe0 && at[1] < 0xa0) return 0;
  if (c == 0xed && at[1] > 0x9f) return 0;
  if (c == 0xf0 && at[1] < 0x90) return 0;
  if (c == 0xf4 && at[1] > 0x8f) return 0;
  return size;
}

bool is_text(const parley_bytes& b) {
  const auto* at = static_cast<const unsigned char*>(b.data);
  const auto* end = at + b.size;
  while (at != end) {
    const auto size = character(at, end);
    if (size == 0) return false;
    at += size;
  }
  return true;
}

void append_hex(std::string& out, const parley_bytes& b) {
  static constexpr char digits[] = "0123456789abcdef";
  const auto* bytes = static_cast<const unsigned char*>(b.data);
  auto at = out.size();
  out.resize(at + 3 + 2 * b.size);
  out[at++] = 'x';
  out[at++] = '\'';
  for (std::size_t i = 0; i < b.size; ++i) {
    out[at++] = digits[bytes[i] >> 4];
    out[at++] = digits[bytes[i] & 15];
  }
  out[at] = '\'';
}

void append_text(std::string& out, const parley_bytes& b, MYSQL* session) {
  const auto from = out.size();
  out.resize(from + 3 + 2 * b.size);
  out[from] = '\'';
  const auto size = mysql_real_escape_string(session, out.data() + from + 1, static_cast<const char*>(b.data), b.size);
  out[from + 1 + size] = '\'';
  out.resize(from + 2 + size);
}

bool begins_with_word(std::string_view text, std::string_view word) {
  const auto first = text.find_first_not_of(" \t\r\n(");
  if (first == text.npos || text.size() - first < word.size()) return false;
  return std::equal(word.begin(), word.end(), text.begin() + static_cast<std::ptrdiff_t>(first),
                    [](char a, char b) { return a == std::toupper(static_cast<unsigned char>(b)); });
}

}  // namespace

void append_value(std::string& out, const parley_sql_value& value, MYSQL* session) {
  if (value.type == PARLEY_SQL_NULL) {
    out += "NULL";
  } else if (value.type == PARLEY_SQL_INTEGER) {
    std::array<char, 24> digits;
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value.integer).ptr;
    out.append(digits.data(), end);
  } else if (value.bytes.size == 0) {
    out += "''";
  } else if (is_text(value.bytes)) {
    append_text(out, value.bytes, session);
  } else {
    append_hex(out, value.bytes);
  }
}

result<mysql_statement> mysql_statement::parse(std::string_view statement) {
  mysql_statement made;
  auto text = expand_sql(sql_kind::mysql, statement, &made.marks);
  if (!text) return text.failure();
  made.text = std::move(*text);
  for (const auto word : {"INSERT", "UPDATE", "DELETE", "REPLACE"}) {
    made.writes = made.writes || begins_with_word(made.text, word);
  }
  return made;
}

void mysql_statement::write(std::string& out, std::span<const parley_sql_value> values, MYSQL* session) const {
  std::size_t from = 0;
  for (std::size_t i = 0; i < marks.size(); ++i) {
    out.append(text, from, marks[i] - from);
    append_value(out, values[i], session);
    from = marks[i] + 1;
  }
  out.append(text, from);
}

}  // namespace parley::host
