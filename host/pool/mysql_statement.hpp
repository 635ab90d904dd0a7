// A statement with places for values, and how values are written into it.
#pragma once

#include <mysql.h>

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "parley/abi/sql.h"
#include "parley/status.hpp"

namespace parley::host {

/// What the dialect layer made of a plugin's text, cut at its parameters.
struct mysql_statement {
  std::string text;                // for errors: with its `?`
  std::vector<std::size_t> marks;  // where they stand
  bool writes = false;             // INSERT, UPDATE, DELETE, REPLACE

  static result<mysql_statement> parse(std::string_view statement);

  /// `values` are as many as there are marks. [worker]
  void write(std::string& out, std::span<const parley_sql_value> values, MYSQL* session) const;
};

/// As SQL text. The session decides about escaping: with NO_BACKSLASH_ESCAPES a quote is doubled, and nothing else.
/// What is no valid UTF-8, or holds a NUL, is written in hexadecimal, so that no character set has a say in it.
void append_value(std::string& out, const parley_sql_value& value, MYSQL* session);

}  // namespace parley::host
