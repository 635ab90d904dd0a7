// A prepared statement with the places its values live in while SOCI has them by reference.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "host/pool/soci.hpp"
#include "parley/abi/sql.h"

namespace parley::host {

/// SOCI fixes the type of each parameter when it binds, so `types` is part of what is prepared: 'i' or 's' each. NULL
/// fits both.
class soci_statement {
 public:
  /// Throws soci::soci_error.
  soci_statement(soci::session& session, const std::string& text, std::string_view types, std::string_view columns);

  /// Copies the values; they fit the types.
  void bind(std::span<const parley_sql_value> values);
  soci::statement& raw() { return statement_; }
  /// Of the row just fetched; borrowed until the next fetch.
  const parley_sql_value* row();
  /// Frees what large values took.
  void trim();

 private:
  struct place {
    long long integer = 0;
    std::string bytes;
    soci::indicator state = soci::i_ok;
    char type = 's';
  };

  std::vector<place> parameters_;
  std::vector<place> columns_;
  std::vector<parley_sql_value> row_;
  soci::statement statement_;
};

}  // namespace parley::host
