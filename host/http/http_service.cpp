#include "host/http/http_service.hpp"

#include "host/http/http_connection.hpp"

namespace parley::host {

http_service::http_service(loop& l) : loop_(l), routes_(std::make_shared<route_table>()) {}

http_service::~http_service() {
  files_.clear();
  finish();
}

status http_service::respond(parley_exchange_id id, unsigned code, std::span<const http_header> headers,
                             std::string_view body) {
  auto* found = exchanges_.find(id);
  if (!found) return status::closed;
  auto& connection = **found;
  exchanges_.erase(id);
  const auto outcome = connection.answer(code, headers, body);
  if (on_exchange_end) on_exchange_end(id);
  return outcome;
}

status http_service::respond(parley_exchange_id id, unsigned code, std::string_view content_type,
                             std::string_view body) {
  const auto type = make_header("Content-Type", content_type);
  return respond(id, code, {&type, 1}, body);
}

status http_service::respond_file(parley_exchange_id id, std::span<const http_header> headers,
                                  const file_source& source) {
  auto* found = exchanges_.find(id);
  if (!found) return status::closed;
  auto& connection = **found;
  exchanges_.erase(id);
  const auto outcome = connection.answer_file(headers, source);
  if (on_exchange_end) on_exchange_end(id);
  return outcome;
}

void http_service::end_exchange(parley_exchange_id id) {
  if (exchanges_.erase(id) && on_exchange_end) on_exchange_end(id);
}

const http_stats& http_service::stats() {
  stats_.in_flight = exchanges_.size();
  return stats_;
}

void http_service::log_gated(spdlog::level::level_enum level, const std::string& who, std::string_view what) {
  std::uint64_t suppressed = 0;
  if (!gate_.open(who, loop_.now_ms(), suppressed)) return;
  log_of("http")->log(level, "{}: {}{}", who, what, suppressed ? fmt::format(" ({} more suppressed)", suppressed) : "");
}

}  // namespace parley::host
