// The tables of a database.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "store/end.hpp"

namespace parley::store {

struct column {
  enum class type { integer, text, bytes, other };  // other: numbers with fractions, dates ...; copied as text
  std::string name;
  type kind = type::text;
  std::string declared;  // as its database says it
  bool nullable = true;
};

struct table {
  std::string name;
  std::vector<column> columns;
  std::vector<std::string> key;  // of the primary key, in its order
  std::uint64_t next_id = 0;     // what the next row gets; 0 when ids are not given by the database

  /// 'i' or 's' each.
  std::string letters() const;
  const column* find(const std::string& column_name) const;
  /// A type whose values may be large.
  bool has_bytes() const;
};

/// By name in lower case, as some servers keep no other; views are none.
using catalog = std::map<std::string, table>;
catalog read_catalog(end& of);

std::string lower(std::string text);

/// What describes a database, or a copy, and is no content: neither copied nor compared.
bool is_bookkeeping(const std::string& lower_name);

}  // namespace parley::store
