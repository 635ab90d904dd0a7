// SQLite files as a pool's database: made at the first start, followed when they are moved or replaced.
#pragma once

#include <mutex>
#include <optional>

#include "host/pool/backend.hpp"
#include "host/pool/sqlite_connection.hpp"

namespace parley::host {

/// Rationale: a file that vanished is not made again behind the operator's back; jobs fail until it returns. When
/// another file stands in its place, the write-ahead log beside it belongs to the old one and would be replayed into
/// the new, and the shared index is still mapped by our old connections: both are moved out of the way before the new
/// file is opened.
class sqlite_backend final : public sql_backend {
 public:
  explicit sqlite_backend(sqlite_settings settings) : settings_(std::move(settings)) {}

  result<void> prepare() override;
  result<std::unique_ptr<sql_connection>> connect(connection_role role) override;
  unsigned writers() const override { return 1; }
  host::durability durability(sql_connection& writer) override;

 private:
  void set_old_log_aside();

  sqlite_settings settings_;
  std::mutex mutex_;
  std::optional<file_identity> file_;
  std::optional<file_identity> log_;
};

}  // namespace parley::host
