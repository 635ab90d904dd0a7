// How a pool reaches its database.
#pragma once

#include <memory>
#include <string>

#include "host/config/manifest.hpp"
#include "host/pool/connection.hpp"
#include "parley/status.hpp"

namespace parley::host {

/// Whether a committed transaction survives a power cut, and if not, why.
struct durability {
  bool durable = false;
  std::string text;
};

class sql_backend {
 public:
  virtual ~sql_backend() = default;
  /// Makes what a first start needs. Before the first connect(). [any]
  virtual result<void> prepare() = 0;
  /// A connection ready for jobs; the writer's has proven that it may write. [any]
  virtual result<std::unique_ptr<sql_connection>> connect(connection_role role) = 0;
  /// Connections that may write at the same time.
  virtual unsigned writers() const = 0;
  /// Of what `writer` was connected to. [any]
  virtual host::durability durability(sql_connection& writer) = 0;
};

/// By the url's scheme. [any]
result<std::unique_ptr<sql_backend>> make_sql_backend(const sql_pool_config& config);

}  // namespace parley::host
