// Bodies that go into a file: asked about at the head, written while the client waits, handed over when closed.
#include <cerrno>
#include <cstring>
#include <exception>
#include <utility>

#include "host/http/http_connection.hpp"
#include "host/http/http_server.hpp"
#include "host/http/http_service.hpp"
#include "host/http/response.hpp"

namespace parley::host {

namespace {

constexpr std::size_t upload_piece = 32 << 10;  // written at once; a read may bring 64 KiB more

bool disk_is_full(int failure) {
  return failure == ENOSPC || failure == EDQUOT || failure == EFBIG;
}

}  // namespace

/// Whether the body may come; else it is answered.
bool http_connection::accept_head(const route& to) {
  if (parser_->head().content_length > to.max_body) {
    refuse(413, "body too large");
    return false;
  }
  if (to.staged && !begin_upload()) return false;
  if (to.head && !ask_at_head(to)) return false;
  if (!to.staged) return true;
  parser_->stream_body();
  enter(http_phase::staging);
  note_moved();
  return true;
}

bool http_connection::begin_upload() {
  const auto& limits = home_.limits();
  const auto& head = parser_->head();
  if (home_.quota().uploads >= limits.max_uploads) {
    ++service_.counters().uploads_refused;
    refuse_storing(503, "too many uploads at once (max_uploads)");
    return false;
  }
  auto& of_address = home_.quota_of(from_);
  if (of_address.uploads >= limits.max_uploads_per_address) {
    ++service_.counters().uploads_refused;
    refuse_storing(503, "too many uploads of one address at once (max_uploads_per_address)");
    return false;
  }
  upload_ = service_.uploads().begin(home_.quota(), of_address, limits.min_free);
  if (!upload_) {
    ++service_.counters().uploads_failed;
    refuse_storing(503, "this host keeps no files");
    return false;
  }
  return reserve(head.content_length);
}

/// Whether so many bytes may be staged; else it is answered.
bool http_connection::reserve(std::uint64_t bytes) {
  const auto& limits = home_.limits();
  if (upload_->reserve(bytes, limits.max_staged, limits.max_staged_per_address)) return true;
  ++service_.counters().uploads_refused;
  refuse_storing(503, "too many bytes of uploads at once (max_staged, max_staged_per_address)");
  return false;
}

/// As dispatch(), of a request whose body is still to come. An answer is the last: the body is not read.
bool http_connection::ask_at_head(const route& to) {
  auto parser = std::move(parser_);  // what the handler borrows
  const auto& head = parser->head();
  const bool keep_alive = std::exchange(keep_alive_, keep_alive_ && !head.has_body());
  enter(http_phase::handling);
  const auto id = exchange_ = service_.begin_exchange(*this);
  const auto size = head.chunked ? PARLEY_HTTP_UNKNOWN : head.content_length;
  auto verdict = status::fault;
  std::string fault;
  try {
    verdict = to.head(
        {id, head.method, head.path, head.query, {}, from_.text, head.headers, size, nullptr, stream_.secured()});
  } catch (const std::exception& e) {
    fault = e.what();
  } catch (...) {
    fault = "no std::exception";
  }
  if (!fault.empty()) {
    ++service_.counters().handler_faults;
    service_.log_gated(spdlog::level::err, to.owner, "head of " + to.method + ' ' + to.path + " threw: " + fault);
  }
  if (exchange_ != id) return false;  // answered, or the connection is closed
  end_exchange();
  if (phase_ == http_phase::closed) return false;
  if (verdict != status::ok) {
    send(code_of(verdict), {}, std::string(to_string(verdict)) + '\n');
    return false;
  }
  keep_alive_ = keep_alive;
  parser_ = std::move(parser);
  enter(http_phase::reading);
  return true;
}

void http_connection::stage(bool last) {
  if (!reserve(parser_->body_size())) return;
  if (!last && parser_->body().size() < upload_piece) return;
  upload_->write(parser_->take_body(), last, [this, last](int failure) { staged(failure, last); });
}

void http_connection::staged(int failure, bool last) {
  if (failure) {
    ++service_.counters().uploads_failed;
    return refuse_storing(disk_is_full(failure) ? 507 : 503, std::strerror(failure));
  }
  if (last) {
    ++service_.counters().uploads;
    service_.counters().uploaded_bytes += parser_->body_size();
    pumping_ = true;
    dispatch();
    pumping_ = false;
    return settle();
  }
  pump_held();
}

void http_connection::refuse_storing(unsigned code, std::string_view why) {
  service_.log_gated(spdlog::level::warn, "upload",
                     std::to_string(code) + " to " + from_.text + ": " + std::string(why));
  keep_alive_ = false;
  const auto later = make_header("Retry-After", "10");
  send(code, {&later, 1}, phrase_line(code));
}

}  // namespace parley::host
