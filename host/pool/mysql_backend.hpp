// MySQL or MariaDB servers as a pool's database.
#pragma once

#include "host/pool/backend.hpp"
#include "host/pool/mysql_connection.hpp"

namespace parley::host {

class mysql_backend final : public sql_backend {
 public:
  mysql_backend(mysql_settings settings, unsigned writers) : servers_(std::move(settings)), writers_(writers) {}

  result<void> prepare() override;
  result<std::unique_ptr<sql_connection>> connect(connection_role role) override;
  unsigned writers() const override { return writers_; }
  /// Asks for what decides whether a commit is on the disk when it is answered.
  host::durability durability(sql_connection& writer) override;

 private:
  mysql_servers servers_;
  const unsigned writers_;
};

}  // namespace parley::host
