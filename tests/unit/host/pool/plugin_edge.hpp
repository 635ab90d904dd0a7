// A host as a plugin sees it, of which only parley.sql/1 is real: enough for the SDK's sql classes to run on a
// connection.
#pragma once

#include <cstring>

#include "host/pool/connection.hpp"
#include "parley/edge.hpp"

namespace parley::host {

class plugin_edge {
 public:
  plugin_edge() : edge(nullptr, &host_table()) {}
  parley::edge edge;

 private:
  static const parley_sql_1& sql_table() {
    static const parley_sql_1 table{
        sizeof(parley_sql_1),
        0,
        nullptr,
        [](parley_sql_connection* c, const char* statement, const parley_sql_value* values, size_t count,
           const char* columns, void* context, void (*row)(void*, const parley_sql_value*)) {
          return sql_connection::of(c).query(statement, {values, count}, columns, context, row);
        },
        [](parley_sql_connection* c, const char* statement, const parley_sql_value* values, size_t count,
           int64_t* affected, int64_t* id) {
          return sql_connection::of(c).execute(statement, {values, count}, affected, id);
        },
        [](parley_sql_connection* c, const char* head, const char* tail, size_t columns, const parley_sql_value* values,
           size_t rows) {
          return sql_connection::of(c).insert_rows(head, tail, columns, {values, columns * rows}, rows);
        },
        [](parley_sql_connection* c) { return sql_connection::of(c).begin(); },
        [](parley_sql_connection* c) { return sql_connection::of(c).commit(); },
        [](parley_sql_connection* c) { return sql_connection::of(c).rollback(); },
        [](parley_sql_connection* c) { return sql_connection::of(c).error(); },
    };
    return table;
  }

  static const parley_host& host_table() {
    static const parley_host table{sizeof(parley_host),
                                   PARLEY_ABI_MAJOR,
                                   PARLEY_ABI_MINOR,
                                   [](parley_generation*, const char* id) -> const void* {
                                     if (std::strcmp(id, PARLEY_SQL_1) == 0) return &sql_table();
                                     static const struct {
                                       uint32_t size = 1024;
                                       char rest[1020] = {};
                                     } empty;
                                     return &empty;
                                   },
                                   nullptr,
                                   nullptr,
                                   nullptr};
    return table;
  }
};

}  // namespace parley::host
