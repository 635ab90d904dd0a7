// An edge that has a database and nothing else, for tests of a plugin's store.
#pragma once

#include <parley/edge.hpp>
#include <parley/sql.hpp>

#include <cstring>

#include "database.hpp"

/// The host's own side of the handle.
struct parley_generation {};

namespace plugin_test {

class sql_only {
 public:
  sql_only() : edge_(&generation_, &host()) {}
  /// On the database's one connection.
  parley::sql on(database& db) const { return {&edge_, db.connection()}; }

 private:
  static const void* get_interface(parley_generation*, const char* id) {
    static const std::uint64_t nothing[64]{sizeof nothing};
    return std::strcmp(id, PARLEY_SQL_1) == 0 ? static_cast<const void*>(&database::functions()) : nothing;
  }
  static const parley_host& host() {
    static const parley_host h{
        sizeof(parley_host), PARLEY_ABI_MAJOR, PARLEY_ABI_MINOR, get_interface, nullptr, nullptr, nullptr};
    return h;
  }
  parley_generation generation_;
  parley::edge edge_;
};

}  // namespace plugin_test
