#include "host/http/response.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <ctime>
#include <iterator>

#include "host/http/http_chars.hpp"

namespace parley::host {

namespace {

struct known_code {
  unsigned code;
  std::string_view phrase;
};

constexpr known_code known_codes[] = {
    {100, "Continue"},
    {200, "OK"},
    {201, "Created"},
    {202, "Accepted"},
    {204, "No Content"},
    {206, "Partial Content"},
    {301, "Moved Permanently"},
    {302, "Found"},
    {303, "See Other"},
    {304, "Not Modified"},
    {307, "Temporary Redirect"},
    {308, "Permanent Redirect"},
    {400, "Bad Request"},
    {401, "Unauthorized"},
    {403, "Forbidden"},
    {404, "Not Found"},
    {405, "Method Not Allowed"},
    {406, "Not Acceptable"},
    {408, "Request Timeout"},
    {409, "Conflict"},
    {410, "Gone"},
    {411, "Length Required"},
    {412, "Precondition Failed"},
    {413, "Content Too Large"},
    {414, "URI Too Long"},
    {415, "Unsupported Media Type"},
    {416, "Range Not Satisfiable"},
    {417, "Expectation Failed"},
    {422, "Unprocessable Content"},
    {426, "Upgrade Required"},
    {428, "Precondition Required"},
    {429, "Too Many Requests"},
    {431, "Request Header Fields Too Large"},
    {500, "Internal Server Error"},
    {501, "Not Implemented"},
    {502, "Bad Gateway"},
    {503, "Service Unavailable"},
    {504, "Gateway Timeout"},
    {505, "HTTP Version Not Supported"},
    {507, "Insufficient Storage"},
};

}  // namespace

std::string_view reason_phrase(unsigned code) {
  for (const auto& known : known_codes) {
    if (known.code == code) return known.phrase;
  }
  return {};
}

std::string phrase_line(unsigned code) {
  return std::to_string(code) + ' ' + std::string(reason_phrase(code)) + '\n';
}

namespace {

bool is_connection(const http_header& h) {
  return equals_ignoring_case(view(h.name), "connection");
}

bool is_hosts_own(const http_header& h) {
  static constexpr std::string_view own[] = {"content-length", "date",    "transfer-encoding",
                                             "keep-alive",     "trailer", "upgrade"};
  if (is_connection(h)) return !equals_ignoring_case(view(h.value), "close");
  return std::any_of(std::begin(own), std::end(own),
                     [&](std::string_view name) { return equals_ignoring_case(view(h.name), name); });
}

}  // namespace

const char* answer_fault(unsigned code, std::span<const http_header> headers) {
  if (code < 200 || code > 599) return "a status code outside 200 to 599";
  for (const auto& h : headers) {
    const auto name = view(h.name), value = view(h.value);
    if (name.empty() || !std::all_of(name.begin(), name.end(), is_token)) return "a header name that is no token";
    if (!std::all_of(value.begin(), value.end(), is_field_value)) return "a header value with control characters";
    if (is_hosts_own(h)) return "a header that the host itself writes";
  }
  return nullptr;
}

const char* file_answer_fault(std::span<const http_header> headers) {
  static constexpr std::string_view of_file[] = {"content-range", "accept-ranges", "etag", "last-modified"};
  for (const auto& h : headers) {
    if (std::any_of(std::begin(of_file), std::end(of_file),
                    [&](std::string_view name) { return equals_ignoring_case(view(h.name), name); }))
      return "a header that the host takes from the file";
  }
  return answer_fault(200, headers);
}

bool asks_to_close(std::span<const http_header> headers) {
  return std::any_of(headers.begin(), headers.end(), is_connection);
}

unsigned code_of(status s) {
  switch (s) {
    case status::malformed:
    case status::data_error:
      return 400;
    case status::not_allowed:
    case status::refused:
      return 403;
    case status::no_target:
    case status::unknown_command:
      return 404;
    case status::conflict:
      return 409;
    case status::too_large:
      return 413;
    case status::too_fast:
      return 429;
    case status::busy:
    case status::unavailable:
    case status::retry:
    case status::cancelled:
      return 503;
    case status::timeout:
      return 504;
    default:
      return 500;
  }
}

std::string http_date_text(std::int64_t unix_seconds) {
  static constexpr const char* days[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  static constexpr const char* months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                           "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto t = static_cast<std::time_t>(unix_seconds);
  std::tm utc{};
  gmtime_r(&t, &utc);
  return fmt::format("{}, {:02} {} {} {:02}:{:02}:{:02} GMT", days[utc.tm_wday], utc.tm_mday, months[utc.tm_mon],
                     utc.tm_year + 1900, utc.tm_hour, utc.tm_min, utc.tm_sec);
}

std::string_view http_date::at(std::uint64_t unix_seconds) {
  if (unix_seconds == second_) return text_;
  text_ = http_date_text(static_cast<std::int64_t>(unix_seconds));
  second_ = unix_seconds;
  return text_;
}

void append_header_lines(std::string& out, std::span<const http_header> headers) {
  for (const auto& h : headers) {
    if (!is_connection(h)) fmt::format_to(std::back_inserter(out), "{}: {}\r\n", view(h.name), view(h.value));
  }
}

void append_head_of_lines(std::string& out, const response_frame& frame, std::string_view lines) {
  auto to = std::back_inserter(out);
  fmt::format_to(to, "HTTP/1.1 {} {}\r\n{}", frame.code, reason_phrase(frame.code), lines);
  if (code_has_body(frame.code)) fmt::format_to(to, "Content-Length: {}\r\n", frame.body_size);
  fmt::format_to(to, "Date: {}\r\nConnection: {}\r\n\r\n", frame.date, frame.keep_alive ? "keep-alive" : "close");
}

void append_response_head(std::string& out, const response_frame& frame, std::span<const http_header> headers) {
  std::string lines;
  append_header_lines(lines, headers);
  append_head_of_lines(out, frame, lines);
}

}  // namespace parley::host
