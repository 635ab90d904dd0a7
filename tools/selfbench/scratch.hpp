// What a self-benchmark writes to, and that nothing of it stays.
#pragma once

#include <memory>
#include <string>

#include "host/pool/mysql_servers.hpp"

namespace parley::selfbench {

/// A directory on the disk in question, for the data, and a short-named one for the socket.
class scratch_directory {
 public:
  /// Throws std::runtime_error.
  explicit scratch_directory(const std::string& parent);
  ~scratch_directory();
  scratch_directory(const scratch_directory&) = delete;

  const std::string& data() const { return data_; }
  /// A path in the other one.
  std::string file(const std::string& name) const { return run_ + "/" + name; }
  /// Nothing is ever synced there.
  bool in_memory() const;

 private:
  std::string data_, run_;
};

/// The database of a url that somebody named: refused unless it is empty, emptied in the end.
class scratch_database {
 public:
  /// Throws std::runtime_error with a sentence.
  explicit scratch_database(const std::string& url);
  ~scratch_database();
  scratch_database(const scratch_database&) = delete;

  /// Without its password.
  std::string shown() const { return url_.redacted(); }
  /// Takes the tables away; a sentence when some stay.
  std::string clear();

 private:
  result<std::unique_ptr<host::mysql_link>> connect() const;

  host::sql_url url_;
  bool ours_ = false;
};

}  // namespace parley::selfbench
