// The servers of a mysql pool: all its connections go to the same one, the first that takes writes.
#pragma once

#include <atomic>
#include <memory>

#include "host/pool/mysql_link.hpp"

namespace parley::host {

/// Rationale: readers stay with the writers, as a replica is behind and would not show a client its own message.
class mysql_servers {
 public:
  explicit mysql_servers(mysql_settings settings) : settings_(std::move(settings)) {}
  mysql_servers(const mysql_servers&) = delete;

  /// To the server used last, else to the next that is there and takes writes. `read_timeout` 0 is the settings' own.
  /// [any]
  result<std::unique_ptr<mysql_link>> connect(connection_role role,
                                              std::chrono::milliseconds read_timeout = std::chrono::milliseconds(0));
  const mysql_settings& settings() const { return settings_; }

 private:
  const mysql_settings settings_;
  std::atomic<std::size_t> current_{0};
};

}  // namespace parley::host
