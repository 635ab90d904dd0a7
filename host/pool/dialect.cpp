#include "host/pool/dialect.hpp"

#include <charconv>

namespace parley::host {

namespace {

constexpr std::string_view mysql_collation = "utf8mb4_nopad_bin";
constexpr std::uint32_t longest_varchar = 16383;    // characters of utf8mb4 in a row of 64 KiB
constexpr std::uint32_t longest_varbinary = 65532;  // bytes, likewise

bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

error fault(std::string text) {
  return {status::fault, std::move(text)};
}

class expander {
 public:
  expander(sql_kind kind, std::string_view text, std::vector<std::size_t>* marks)
      : kind_(kind), text_(text), marks_(marks) {
    out_.reserve(text.size() + 64);
  }

  result<std::string> run() {
    while (at_ < text_.size()) {
      const char c = text_[at_];
      const char next = at_ + 1 < text_.size() ? text_[at_ + 1] : '\0';
      if (c == '\'' || c == '"' || c == '`') {
        copy_quoted(c);
      } else if (c == '-' && next == '-') {
        skip_to("\n");
      } else if (c == '/' && next == '*') {
        skip_to("*/");
      } else if (c == '{') {
        if (auto done = expand_token(); !done) return done.failure();
      } else if (c == '?') {
        if (next >= '0' && next <= '9') return fault("parameters are plain `?`, found `?" + std::string(1, next) + "`");
        if (marks_) marks_->push_back(out_.size());
        out_ += '?';
        ++at_;
      } else if ((c == ':' || c == '@' || c == '$') && is_word(next)) {
        return fault("parameters are plain `?`, found `" + std::string{c, next} +
                     "`; a text constant belongs in quotes");
      } else {
        out_ += c;
        ++at_;
      }
    }
    return std::move(out_);
  }

 private:
  bool sqlite() const { return kind_ == sql_kind::sqlite; }

  void copy_quoted(char quote) {
    auto end = text_.find(quote, at_ + 1);
    end = end == text_.npos ? text_.size() : end + 1;
    out_ += text_.substr(at_, end - at_);
    at_ = end;
  }

  void skip_to(std::string_view mark) {
    const auto end = text_.find(mark, at_ + 2);
    at_ = end == text_.npos ? text_.size() : end + mark.size();
    out_ += ' ';
  }

  result<void> expand_token() {
    const auto end = text_.find('}', at_);
    if (end == text_.npos) return fault("a `{` without its `}`");
    const auto token = text_.substr(at_ + 1, end - at_ - 1);
    at_ = end + 1;
    const auto colon = token.find(':');
    const auto name = token.substr(0, colon);
    const auto argument = colon == token.npos ? std::string_view{} : token.substr(colon + 1);
    const bool known = argument.empty() ? plain(name) : with_argument(name, argument);
    if (!known) return fault("unknown token {" + std::string(token) + "}: abi/sql.h lists them");
    if (!trouble_.empty()) return fault(std::move(trouble_));
    return {};
  }

  bool plain(std::string_view name) {
    if (name == "id") {
      // AUTOINCREMENT, so that the id of a deleted user is never given to another, as in MySQL.
      out_ += sqlite() ? "INTEGER PRIMARY KEY AUTOINCREMENT" : "BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY";
    } else if (name == "u8") {
      out_ += sqlite() ? "INTEGER" : "TINYINT UNSIGNED";
    } else if (name == "u32") {
      out_ += sqlite() ? "INTEGER" : "INT UNSIGNED";
    } else if (name == "u64") {
      out_ += sqlite() ? "INTEGER" : "BIGINT UNSIGNED";
    } else if (name == "blob") {
      out_ += sqlite() ? "BLOB" : "LONGBLOB";
    } else if (name == "table") {
      if (!sqlite())
        ((out_ += "ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=") += mysql_collation) += " ROW_FORMAT=DYNAMIC";
    } else if (name == "greatest") {
      out_ += sqlite() ? "max" : "GREATEST";
    } else if (name == "for_update") {
      if (!sqlite()) out_ += "FOR UPDATE";
    } else {
      return false;
    }
    return true;
  }

  bool with_argument(std::string_view name, std::string_view argument) {
    if (name == "text" || name == "bytes") {
      limited_column(name == "text", argument);
    } else if (name == "on_conflict") {
      out_ += sqlite() ? "ON CONFLICT(" + std::string(argument) + ") DO UPDATE SET" : "ON DUPLICATE KEY UPDATE";
    } else if (name == "new") {
      out_ += sqlite() ? "excluded." + std::string(argument) : "VALUES(" + std::string(argument) + ")";
    } else if (name == "keep") {
      const std::string first(argument.substr(0, argument.find(',')));
      out_ += sqlite() ? "ON CONFLICT(" + std::string(argument) + ") DO NOTHING"
                       : "ON DUPLICATE KEY UPDATE " + first + " = " + first;
    } else {
      return false;
    }
    return true;
  }

  void limited_column(bool text, std::string_view argument) {
    std::uint32_t limit = 0;
    const auto [end, failed] = std::from_chars(argument.data(), argument.data() + argument.size(), limit);
    if (failed != std::errc{} || end != argument.data() + argument.size() || limit == 0) {
      trouble_ = "{text:N} and {bytes:N} take a number, found " + std::string(argument);
      return;
    }
    const auto n = std::to_string(limit);
    if (!sqlite()) {
      if (text) {
        out_ += limit > longest_varchar ? "LONGTEXT" : "VARCHAR(" + n + ")";
        (out_ += " CHARACTER SET utf8mb4 COLLATE ") += mysql_collation;
      } else {
        out_ += limit > longest_varbinary ? "LONGBLOB" : "VARBINARY(" + n + ")";
      }
      return;
    }
    const auto column = word_before();
    if (column.empty()) {
      trouble_ = "{text:N} and {bytes:N} stand right behind the column's name";
      return;
    }
    out_ += text ? "TEXT CHECK(length(" + column + ") <= " + n + ")"
                 : "BLOB CHECK(length(CAST(" + column + " AS BLOB)) <= " + n + ")";
  }

  /// The word, or the quoted name, that the output ends in.
  std::string word_before() const {
    auto end = out_.find_last_not_of(" \t\r\n");
    if (end == out_.npos) return {};
    if (out_[end] == '"' || out_[end] == '`') {
      const auto begin = end ? out_.rfind(out_[end], end - 1) : out_.npos;
      return begin == out_.npos ? std::string{} : out_.substr(begin, end - begin + 1);
    }
    auto begin = end + 1;
    while (begin > 0 && is_word(out_[begin - 1])) --begin;
    return out_.substr(begin, end + 1 - begin);
  }

  sql_kind kind_;
  std::string_view text_;
  std::vector<std::size_t>* marks_;
  std::size_t at_ = 0;
  std::string out_;
  std::string trouble_;
};

}  // namespace

result<std::string> expand_sql(sql_kind kind, std::string_view statement, std::vector<std::size_t>* marks) {
  return expander(kind, statement, marks).run();
}

std::vector<std::string_view> split_sql(std::string_view script) {
  static constexpr std::string_view blank = " \t\r\n;";
  std::vector<std::string_view> statements;
  while (!script.empty()) {
    const auto end = script.find(";\n");
    auto one = script.substr(0, end);
    script = end == script.npos ? std::string_view{} : script.substr(end + 2);
    if (const auto first = one.find_first_not_of(blank); first != one.npos) {
      statements.push_back(one.substr(first, one.find_last_not_of(blank) - first + 1));
    }
  }
  return statements;
}

std::string insert_text(std::string_view head, std::string_view tail, std::size_t columns, std::size_t rows) {
  std::string tuple = "(?";
  for (std::size_t i = 1; i < columns; ++i) tuple += ",?";
  tuple += ')';
  std::string text;
  text.reserve(head.size() + tail.size() + rows * (tuple.size() + 1) + 2);
  text += head;
  for (std::size_t i = 0; i < rows; ++i) (text += i ? ',' : ' ') += tuple;
  if (!tail.empty()) (text += ' ') += tail;
  return text;
}

}  // namespace parley::host
