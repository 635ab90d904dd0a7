#include "host/http/http_connection.hpp"

#include <algorithm>
#include <exception>
#include <utility>

#include "host/http/http_server.hpp"
#include "host/http/http_service.hpp"
#include "host/http/response.hpp"
#include "host/http/transfer.hpp"

namespace parley::host {

namespace {

constexpr std::size_t coalesced_output = 64 << 10;  // pipelined answers go out together up to here
constexpr std::uint64_t most_periods = 32;          // transfer timeouts that a staged body of known length may take
constexpr std::uint32_t most_lingers = 24;          // times of lingering, while a refused body comes
constexpr std::uint64_t fast_enough = 1 << 20;      // bytes in one of them, however long it is

}  // namespace

http_connection::http_connection(http_server& home, client_address from)
    : home_(home), service_(home.service()), stream_(*this, service_.buffers()), from_(std::move(from)) {}

http_connection::~http_connection() = default;

void http_connection::open(int descriptor) {
  if (stream_.open(service_.node_loop(), descriptor) != 0) return close();
  if (home_.identity()) stream_.secure(home_.identity());
  enter(home_.identity() ? http_phase::securing : http_phase::idle);
  stream_.read(true);
}

void http_connection::enter(http_phase to) {
  phase_ = to;
  home_.arm(*this);
}

void http_connection::on_bytes(std::string_view bytes) {
  switch (phase_) {
    case http_phase::idle:
    case http_phase::reading:
    case http_phase::staging:
      pump(bytes);
      hold(bytes);
      return settle();
    case http_phase::handling:
    case http_phase::opening:
      // One read's worth is kept; the rest waits in the system and holds the client back.
      hold(bytes);
      return stream_.read(false);
    case http_phase::lingering:
      lingered_ += bytes.size();
      return;
    default:
      return;
  }
}

void http_connection::on_end() {
  if (phase_ == http_phase::handling) ++service_.counters().clients_gone;
  if (phase_ == http_phase::staging) ++service_.counters().uploads_cut;
  close();
}

void http_connection::on_sent() {
  if (phase_ == http_phase::sending) return settle();
  if (phase_ != http_phase::writing) return;
  if (after_writing_ == http_phase::finishing) {
    phase_ = http_phase::finishing;
  } else {
    enter(after_writing_);
  }
  pump_held();
}

void http_connection::hold(std::string_view rest) {
  if (phase_ == http_phase::finishing || phase_ == http_phase::closed) return;
  held_ = rest;
  held_at_ = 0;
}

void http_connection::drop_held() {
  std::string().swap(held_);
  held_at_ = 0;
}

void http_connection::pump_held() {
  auto input = std::string_view(held_).substr(held_at_);
  pump(input);
  if (!held_.empty()) held_at_ = held_.size() - input.size();
  settle();
}

void http_connection::pump(std::string_view& input) {
  pumping_ = true;
  while (phase_ == http_phase::idle || phase_ == http_phase::reading ||
         (phase_ == http_phase::staging && !upload_->busy())) {
    if (phase_ == http_phase::idle) {
      if (input.empty()) break;
      if (stream_.unsent() >= coalesced_output && (!stream_.flush() || stream_.unsent() > 0)) break;
      begin_request();
    }
    const auto event = parser_->feed(input);
    if (event == request_parser::event::head && asks_for_websocket()) {
      upgrade(input);
    } else if (event == request_parser::event::head) {
      on_head(!input.empty());
    } else if (event == request_parser::event::failed) {
      refuse(parser_->failure(), parser_->reason());
    } else if (phase_ == http_phase::staging) {
      stage(event == request_parser::event::complete);
    } else if (event == request_parser::event::complete) {
      dispatch();
    }
    if (event == request_parser::event::more) break;
  }
  pumping_ = false;
}

void http_connection::settle() {
  if (phase_ == http_phase::closed) return;
  if (held_at_ == held_.size() || phase_ == http_phase::finishing) drop_held();
  if (phase_ == http_phase::sending && !send_pieces()) return close();
  if (phase_ != http_phase::sending && !stream_.flush()) return close();
  const bool answering = phase_ == http_phase::handling || phase_ == http_phase::opening ||
                         phase_ == http_phase::sending || phase_ == http_phase::staging;
  if (stream_.unsent() > 0 && !answering) {
    after_writing_ = phase_;
    note_moved();
    enter(http_phase::writing);
  } else if (phase_ == http_phase::finishing) {
    drop_held();
    stream_.shutdown();
    moved_seen_ = lingered_;
    enter(http_phase::lingering);
  } else if (phase_ == http_phase::idle && !held_.empty()) {
    // Inside a handler's respond(): the next request is not handed out before that returns.
    enter(http_phase::ready);
  }
  stream_.read(phase_ == http_phase::idle || phase_ == http_phase::reading || phase_ == http_phase::lingering ||
               (phase_ == http_phase::staging && !upload_->busy()) ||
               ((phase_ == http_phase::handling || phase_ == http_phase::opening) && held_.empty()));
}

void http_connection::begin_request() {
  parser_ = std::make_unique<request_parser>(home_.limits());
  keep_alive_ = false;
  head_only_ = false;
  announced_ = 0;
  enter(http_phase::reading);
}

void http_connection::on_head(bool body_is_here) {
  const auto& head = parser_->head();
  keep_alive_ = head.keep_alive;
  announced_ = head.content_length;
  head_only_ = head.method == "HEAD";
  const auto match = service_.routes().find(head.method, head.path);
  if (!match.found) return refuse_unrouted(match.allow, head.has_body());
  parser_->set_max_body(match.found->max_body);
  if (match.found->staged || match.found->head) {
    if (!accept_head(*match.found)) return;
  } else if (head.content_length > match.found->max_body) {
    return;  // the parser says so next
  }
  if (parser_->head().expects_continue && !body_is_here) stream_.output() += "HTTP/1.1 100 Continue\r\n\r\n";
}

void http_connection::refuse_unrouted(const std::string& allow, bool body_unread) {
  if (body_unread) keep_alive_ = false;
  if (allow.empty()) {
    ++service_.counters().not_found;
    send(404, {}, "404 Not Found\n");
  } else {
    ++service_.counters().method_not_allowed;
    const auto header = make_header("Allow", allow);
    send(405, {&header, 1}, "405 Method Not Allowed\n");
  }
}

void http_connection::dispatch() {
  const auto parser = std::move(parser_);  // what the handler borrows
  const auto& head = parser->head();
  const auto match = service_.routes().find(head.method, head.path);
  if (!match.found) return refuse_unrouted(match.allow, false);
  if (parser->body_size() > match.found->max_body) return refuse(413, "body too large");
  if (match.found->staged != (upload_ != nullptr)) {
    keep_alive_ = false;
    return send(503, {}, "503 Service Unavailable\n");  // a new table of routes came while the body did
  }
  enter(http_phase::handling);
  exchange_ = service_.begin_exchange(*this);
  ++service_.counters().requests;
  if (head_only_ || head.method == "GET") conditions_ = file_conditions::of(head.headers);
  const auto* file = upload_ ? upload_->path().c_str() : nullptr;
  run_handler(*match.found, {exchange_, head.method, head.path, head.query, parser->body(), from_.text, head.headers,
                             parser->body_size(), file, stream_.secured()});
}

void http_connection::run_handler(const route& to, const exchange_view& request) {
  std::string fault;
  try {
    return to.handler(request);
  } catch (const std::exception& e) {
    fault = e.what();
  } catch (...) {
    fault = "no std::exception";
  }
  ++service_.counters().handler_faults;
  service_.log_gated(spdlog::level::err, to.owner, "handler of " + to.method + ' ' + to.path + " threw: " + fault);
  service_.respond(request.id, 500, "text/plain", "500 Internal Server Error\n");
}

status http_connection::answer(unsigned code, std::span<const http_header> headers, std::string_view body) {
  exchange_ = 0;
  const char* fault = answer_fault(code, headers);
  if (fault) {
    ++service_.counters().handler_faults;
    service_.log_gated(spdlog::level::err, "an answer cannot be sent, the client got a 500", fault);
    send(500, {}, "500 Internal Server Error\n");
  } else {
    if (asks_to_close(headers)) keep_alive_ = false;
    send(code, headers, body);
  }
  return fault ? status::malformed : status::ok;
}

void http_connection::refuse(unsigned code, const char* reason) {
  auto& stats = service_.counters();
  ++(code == 413 ? stats.body_too_large : code == 414 || code == 431 ? stats.head_too_large : stats.malformed);
  service_.log_gated(spdlog::level::info, from_.text, std::to_string(code) + ' ' + reason);
  keep_alive_ = false;
  send(code, {}, phrase_line(code));
}

void http_connection::send(unsigned code, std::span<const http_header> headers, std::string_view body) {
  const bool with_body = code_has_body(code);
  const bool last = !keep_alive_ || home_.draining();
  append_response_head(stream_.output(), {code, with_body ? body.size() : 0, !last, service_.date()}, headers);
  if (with_body && !head_only_) stream_.send(body);
  finish_answer(last);
  ++service_.counters().responses[code / 100];
  if (!pumping_) settle();
}

void http_connection::finish_answer(bool last) {
  parser_.reset();
  upload_.reset();
  conditions_.reset();
  if (last) {
    phase_ = http_phase::finishing;
  } else {
    enter(http_phase::idle);
  }
}

const std::shared_ptr<http_connection*>& http_connection::ticket() {
  if (!ticket_) ticket_ = std::make_shared<http_connection*>(this);
  return ticket_;
}

void http_connection::revoke_ticket() {
  if (ticket_) *ticket_ = nullptr;
  ticket_.reset();
}

void http_connection::note_moved() {
  moved_seen_ = phase_ == http_phase::staging ? parser_->body_size() : stream_.taken();
}

/// The longer a body was announced, the faster it has to come: nobody keeps its place for hours.
std::uint64_t http_connection::least_to_move() const {
  const auto least = home_.limits().min_transfer;
  if (phase_ != http_phase::staging) return least;
  return std::max(least, std::min(parser_->head().content_length / most_periods, fast_enough));
}

bool http_connection::moves() {
  const auto before = moved_seen_;
  note_moved();
  return moved_seen_ - before >= least_to_move();
}

/// Who still sends the body that was refused has not read the answer, and would lose it to a reset.
bool http_connection::still_sends() {
  const auto moved = lingered_ - std::exchange(moved_seen_, lingered_);
  return !home_.draining() && lingered_ < announced_ && moved >= home_.limits().min_transfer &&
         ++lingers_ < most_lingers;
}

void http_connection::expire() {
  auto& stats = service_.counters();
  switch (phase_) {
    case http_phase::idle:
      ++stats.idle_closed;
      return close();
    case http_phase::reading:
      if (parser_->blank()) return close();
      ++stats.request_timeouts;
      keep_alive_ = false;
      return send(408, {}, "408 Request Timeout\n");
    case http_phase::handling:
      ++stats.answer_timeouts;
      end_exchange();
      if (phase_ == http_phase::closed) return;
      return send(504, {}, "504 Gateway Timeout\n");
    case http_phase::ready:
      phase_ = http_phase::idle;
      return pump_held();
    case http_phase::writing:
    case http_phase::sending:
      if (moves() || (transfer_ && transfer_->loading)) return enter(phase_);
      ++stats.slow_clients;
      return close();
    case http_phase::staging:
      if (moves() || upload_->busy()) return enter(phase_);
      ++stats.request_timeouts;
      ++stats.uploads_cut;
      keep_alive_ = false;
      return send(408, {}, "408 Request Timeout\n");
    case http_phase::opening:
      ++stats.answer_timeouts;
      revoke_ticket();
      transfer_.reset();
      return send(504, {}, "504 Gateway Timeout\n");
    case http_phase::lingering:
      if (still_sends()) return enter(phase_);
      return close();
    case http_phase::securing:
      ++service_.tls_desk().stats().timeouts;
      return close();
    default:
      return close();
  }
}

void http_connection::drain() {
  if (phase_ == http_phase::sending && held_.empty()) transfer_->last = true;
  if (phase_ == http_phase::idle || phase_ == http_phase::securing ||
      (phase_ == http_phase::reading && parser_->blank()))
    return close();
  if (phase_ == http_phase::writing && after_writing_ == http_phase::idle && held_.empty())
    after_writing_ = http_phase::finishing;
}

void http_connection::end_exchange() {
  if (const auto id = std::exchange(exchange_, 0)) service_.end_exchange(id);
}

void http_connection::close() {
  if (phase_ == http_phase::closed) return;
  forget_all();
  stream_.close();
  end_exchange();
}

void http_connection::forget_all() {
  phase_ = http_phase::closed;
  upload_.reset();  // before its address is forgotten
  home_.forget(*this);
  revoke_ticket();
  transfer_.reset();
  conditions_.reset();
  parser_.reset();
  drop_held();
}

}  // namespace parley::host
