// One end of a copy: a database, open, and nobody else's for that time.
#pragma once

#include <parley/sql.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "host/node/data_lock.hpp"
#include "host/pool/backend.hpp"

namespace parley::store {

class end {
 public:
  /// Reads, or writes and is made when it is missing. `option` names the url in errors. Throws trouble, as when a node
  /// or somebody else is at work there.
  end(const std::string& url, host::connection_role role, const std::string& option);

  host::sql_kind kind() const { return url_.kind; }
  bool sqlite() const { return kind() == host::sql_kind::sqlite; }
  host::sql_connection& connection() { return *connection_; }
  sql& db() { return *db_; }
  /// Without a password.
  const std::string& shown() const { return shown_; }

  /// `columns` has a letter each, 'i' or 's'. Throws sql_error.
  void query(const std::string& statement, host::sql_connection::parameters values, const std::string& columns,
             const std::function<void(const parley_sql_value*)>& row);
  void insert(const std::string& head, std::size_t columns, host::sql_connection::parameters values);

 private:
  void refuse_users_of_file(bool writer);
  void refuse_users_of_server();
  void check(parley_status status);

  host::sql_url url_;
  std::string shown_;
  host::data_lock lock_;
  std::unique_ptr<host::sql_backend> backend_;
  std::unique_ptr<host::sql_connection> connection_;
  std::optional<sql> db_;
};

/// In double quotes, as all databases take names here.
std::string quoted(const std::string& name);

}  // namespace parley::store
