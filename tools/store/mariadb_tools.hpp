// MariaDB's own programs, run for a dump and for reading one in.
#pragma once

#include <string>

namespace parley::store {

/// Writes all tables of the url's database, as they are at one moment, into `file`. Throws trouble, as when there is no
/// mariadb-dump.
void dump_database(const std::string& url, const std::string& file);

/// Reads it into the url's database, which has to be empty.
void load_dump(const std::string& url, const std::string& file);

}  // namespace parley::store
