#include "host/pool/soci_statement.hpp"

namespace parley::host {

soci_statement::soci_statement(soci::session& session, const std::string& text, std::string_view types,
                               std::string_view columns)
    : parameters_(types.size()), columns_(columns.size()), row_(columns.size()), statement_(session) {
  statement_.alloc();
  statement_.prepare(text);
  for (std::size_t i = 0; i < types.size(); ++i) {
    auto& p = parameters_[i];
    p.type = types[i];
    if (p.type == 'i') {
      statement_.exchange(soci::use(p.integer, p.state));
    } else {
      statement_.exchange(soci::use(p.bytes, p.state));
    }
  }
  for (std::size_t i = 0; i < columns.size(); ++i) {
    auto& c = columns_[i];
    c.type = columns[i];
    if (c.type == 'i') {
      statement_.exchange(soci::into(c.integer, c.state));
    } else {
      statement_.exchange(soci::into(c.bytes, c.state));
    }
  }
  statement_.define_and_bind();
}

void soci_statement::bind(std::span<const parley_sql_value> values) {
  for (std::size_t i = 0; i < values.size(); ++i) {
    auto& p = parameters_[i];
    const auto& v = values[i];
    p.state = v.type == PARLEY_SQL_NULL ? soci::i_null : soci::i_ok;
    if (v.type == PARLEY_SQL_INTEGER) p.integer = v.integer;
    if (v.type != PARLEY_SQL_BYTES) continue;
    p.bytes.clear();
    if (v.bytes.size) p.bytes.assign(static_cast<const char*>(v.bytes.data), v.bytes.size);
  }
}

const parley_sql_value* soci_statement::row() {
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    const auto& c = columns_[i];
    if (c.state == soci::i_null) {
      row_[i] = {PARLEY_SQL_NULL, 0, 0, {}};
    } else if (c.type == 'i') {
      row_[i] = {PARLEY_SQL_INTEGER, 0, c.integer, {}};
    } else {
      row_[i] = {PARLEY_SQL_BYTES, 0, 0, {c.bytes.data(), c.bytes.size()}};
    }
  }
  return row_.data();
}

void soci_statement::trim() {
  static constexpr std::size_t large = 16 << 10;
  for (auto* places : {&parameters_, &columns_}) {
    for (auto& p : *places) {
      if (p.bytes.capacity() > large) std::string().swap(p.bytes);
    }
  }
}

}  // namespace parley::host
