// What all HTTP listeners of a node have in common: the routes, the exchanges in flight, the numbers.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "host/base/log.hpp"
#include "host/base/slot_map.hpp"
#include "host/http/disk_threads.hpp"
#include "host/http/exchange.hpp"
#include "host/http/file_cache.hpp"
#include "host/http/http_stats.hpp"
#include "host/http/response.hpp"
#include "host/http/routes.hpp"
#include "host/http/tcp_stream.hpp"
#include "host/http/upload.hpp"
#include "host/net/loop.hpp"
#include "parley/status.hpp"

namespace parley::host {

class http_connection;

/// Outlives its http_servers. [loop]
class http_service {
 public:
  explicit http_service(loop& l);
  http_service(const http_service&) = delete;
  http_service& operator=(const http_service&) = delete;
  ~http_service();

  /// The same with a table that was made before; not called from a handler.
  void swap_routes(std::shared_ptr<const route_table>& table) { routes_.swap(table); }

  /// Answers an exchange, once. Headers and body are copied. The host adds Content-Length, Date and Connection;
  /// `Connection: close` among the headers closes behind the answer.
  /// closed: answered before, timed out, or the client has gone. malformed: a code, name or value that cannot be sent,
  /// or a header of the host's own; the client got a 500.
  status respond(parley_exchange_id id, unsigned code, std::span<const http_header> headers, std::string_view body);
  status respond(parley_exchange_id id, unsigned code, std::string_view content_type, std::string_view body);
  /// The same with a file below a directory, as parley_http_1::respond_file. malformed also for a path out of bounds;
  /// the client got a 404.
  status respond_file(parley_exchange_id id, std::span<const http_header> headers, const file_source& source);
  bool is_open(parley_exchange_id id) { return exchanges_.find(id) != nullptr; }
  std::size_t in_flight() const { return exchanges_.size(); }

  /// Told once for every exchange that a handler was given, when it is answered or its id has turned stale otherwise;
  /// inside respond() for an answer. Where a pin is released.
  std::function<void(parley_exchange_id)> on_exchange_end;

  const http_stats& stats();

  upload_store& uploads() { return uploads_; }
  /// Ends the threads beside the loop when all servers have gone; what they have begun is done then.
  void finish() { disk_.finish(); }

  // For its servers and connections.
  disk_threads& disk() { return disk_; }
  file_cache& files() { return files_; }
  loop& node_loop() { return loop_; }
  const route_table& routes() const { return *routes_; }
  http_stats& counters() { return stats_; }
  stream_buffers& buffers() { return buffers_; }
  host::tls_desk& tls_desk() { return buffers_.tls; }
  std::string_view date() { return date_.at(loop::unix_ms() / 1000); }
  parley_exchange_id begin_exchange(http_connection& c) { return exchanges_.insert(&c); }
  void end_exchange(parley_exchange_id id);
  /// Logs a line per address or listener and minute.
  void log_gated(spdlog::level::level_enum level, const std::string& who, std::string_view what);

 private:
  loop& loop_;
  std::shared_ptr<const route_table> routes_;
  slot_map<http_connection*> exchanges_;
  http_stats stats_;
  stream_buffers buffers_{loop_};
  disk_threads disk_{loop_};
  file_cache files_{loop_, disk_};
  upload_store uploads_{disk_, stats_};
  http_date date_;
  log_gate gate_;
};

}  // namespace parley::host
