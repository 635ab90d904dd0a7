// A deployment of TeamTalk as its servers leave it behind: tables, keys in Redis, files of msfs. Everything is built
// from what is known of TeamTalk's storage, nothing by Parley.
#pragma once

#include <cstdint>
#include <string>

#include "support/mariadb.hpp"
#include "support/redis_server.hpp"
#include "support/temp_dir.hpp"

namespace parley::test {

/// Its tables and indexes: its own index names, utf8mb4_bin, no keys but the primary ones.
std::string teamtalk_tables();
/// IMUser.password of a plain one.
std::string teamtalk_password(const std::string& plain, const std::string& salt);
/// A text as clients encrypt it.
std::string encrypted(const std::string& text);

/// Users 1 ann, 2 bob, 3 ann (has left), 4 dan, 5 eve, 6 fay, with password_of(name) (the leaver: "old-secret"); 101 to
/// 1300, who each said one thing to the one before.
struct teamtalk_deployment {
  teamtalk_deployment();

  /// Puts it into an empty database.
  void fill_database(mariadb& server, const std::string& database) const;
  void fill_redis(redis_server& server) const;
  /// BaseDir of msfs.
  void fill_msfs(const std::filesystem::path& base) const;

  std::string speech;        ///< IMAudio 1, 7 seconds, by its url
  std::string short_speech;  ///< IMAudio 2, 300 seconds, by its path
  std::string longest;       ///< a content of 4096 characters
};

/// Everything in a database, one line for each table: rows and a checksum of them. Left out is what differs between two
/// imports of the same data: ids of rows that were moved or added, times of today.
std::string fingerprint(mariadb& server, const std::string& database);

}  // namespace parley::test
