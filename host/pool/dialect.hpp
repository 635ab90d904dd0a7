// One spelling of SQL for every database: abi/sql.h lists the tokens.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "host/pool/sql_url.hpp"
#include "parley/status.hpp"

namespace parley::host {

/// A statement as `kind` wants it: tokens expanded, comments dropped. `marks`, when given, gets where in it the
/// parameters stand. Text in quotes stays as it is. An unknown token, or a parameter that is not `?`, is a fault.
/// [any]
///
/// Rationale: {text:N} and {bytes:N} are limits in MySQL and would be mere hints in SQLite; a CHECK makes both refuse
/// the same data. It needs the column's name, so that has to stand right in front of the token. In MySQL they compare
/// without padding: utf8mb4_bin would take "bob " for "bob".
result<std::string> expand_sql(sql_kind kind, std::string_view statement, std::vector<std::size_t>* marks = nullptr);

/// Statements of a script, separated by ";\n", without the empty ones. They borrow from the script. [any]
std::vector<std::string_view> split_sql(std::string_view script);

/// head, `rows` times `columns` parameters in parentheses, tail. [any]
std::string insert_text(std::string_view head, std::string_view tail, std::size_t columns, std::size_t rows);

}  // namespace parley::host
