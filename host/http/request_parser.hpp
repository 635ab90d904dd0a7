// HTTP/1.0 and 1.1 requests out of a byte stream: llhttp behind a strict scanner, with limits. No I/O.
#pragma once

#include <llhttp.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "host/http/exchange.hpp"
#include "host/http/head_scanner.hpp"
#include "host/http/http_limits.hpp"

namespace parley::host {

/// The views point into the parser and live until its reset().
struct request_head {
  std::string_view method;
  std::string_view path;             // as sent; begins with '/', or is "*" for OPTIONS
  std::string_view query;            // behind '?'
  std::vector<http_header> headers;  // names in lower case
  std::uint64_t content_length = 0;  // 0 when chunked
  bool chunked = false;
  bool keep_alive = false;
  bool expects_continue = false;

  bool has_body() const { return chunked || content_length > 0; }
  /// The first of that lower-case name, or empty.
  std::string_view header(std::string_view name) const { return find_header(headers, name); }
};

/// Parses one request at a time. It holds at most the header limit plus set_max_body() bytes of it, or of a body that
/// is taken away in pieces what was fed since.
class request_parser {
 public:
  enum class event {
    more,      // all input is taken
    head,      // head() is there; set_max_body(), then feed on, even when no input is left
    complete,  // body() is there; reset() before the next request
    failed     // answer failure() and close: what follows cannot be trusted
  };

  explicit request_parser(const http_limits& limits);
  request_parser(const request_parser&) = delete;
  request_parser& operator=(const request_parser&) = delete;

  /// Takes bytes from the front of `input` up to the next event.
  event feed(std::string_view& input);
  /// A longer body fails with 413. 0 until told otherwise.
  void set_max_body(std::size_t bytes) { max_body_ = bytes; }
  /// The body is not kept: take_body() after every feed(). From the head on.
  void stream_body() { streamed_ = true; }
  void reset();

  const request_head& head() const { return head_; }
  std::string_view body() const { return body_; }
  /// What of it has come since the last take_body().
  std::string take_body() { return std::exchange(body_, {}); }
  /// Bytes of it that have come so far.
  std::uint64_t body_size() const { return body_size_; }
  /// The status code to refuse with, and why, for the log.
  unsigned failure() const { return failure_; }
  const char* reason() const { return reason_; }
  /// No byte of a request has come, at most an empty line.
  bool blank() const { return scanner_.blank(); }

 private:
  enum class stage { head, body, trailers, done, failed };
  struct callbacks;

  event feed_head(std::string_view& input);
  event feed_body(std::string_view& input);
  event feed_trailers(std::string_view& input);
  event parse_head();
  event finish_head();
  event fail(unsigned code, const char* reason);
  event fail_from_llhttp();
  const char* check_host() const;
  int add_body(std::string_view piece);
  bool framing_too_large(const char* up_to) const;

  const http_limits limits_;
  llhttp_t llhttp_;
  head_scanner scanner_;
  stage stage_ = stage::head;
  bool message_complete_ = false;
  std::string raw_head_;
  std::string_view target_;
  request_head head_;
  std::string body_;
  std::size_t max_body_ = 0;
  std::uint64_t body_size_ = 0;
  bool streamed_ = false;
  std::uint64_t wire_ = 0;  // body bytes with their chunk framing, before feeding_
  const char* feeding_ = nullptr;
  unsigned failure_ = 0;
  const char* reason_ = "";
};

}  // namespace parley::host
