// The bytes of a response's head.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "host/http/exchange.hpp"
#include "parley/status.hpp"

namespace parley::host {

/// "Not Found" for 404; empty for codes nobody knows.
std::string_view reason_phrase(unsigned code);
/// The body of an answer that says nothing else: "404 Not Found".
std::string phrase_line(unsigned code);

/// Why a handler's answer cannot be sent as it is, or null: a code outside 200 to 599, a name that is no token, control
/// characters in a value (header injection), or a header that is the host's own. `Connection: close` may be asked for.
const char* answer_fault(unsigned code, std::span<const http_header> headers);

/// The answer asks for the connection to be closed behind it.
bool asks_to_close(std::span<const http_header> headers);

/// The same of an answer from a file, to which the host adds the file's own.
const char* file_answer_fault(std::span<const http_header> headers);

/// "Sun, 06 Nov 1994 08:49:37 GMT"
std::string http_date_text(std::int64_t unix_seconds);

/// The Date header's value, made once per second. [loop]
class http_date {
 public:
  std::string_view at(std::uint64_t unix_seconds);

 private:
  std::uint64_t second_ = ~std::uint64_t{0};
  std::string text_;
};

/// As lines of a head, without Connection. The headers passed answer_fault().
void append_header_lines(std::string& out, std::span<const http_header> headers);

struct response_frame {
  unsigned code = 200;
  std::uint64_t body_size = 0;  // as announced; HEAD announces what GET would send
  bool keep_alive = false;
  std::string_view date;
};

/// Appends status line and headers up to the empty line. The headers passed answer_fault().
void append_response_head(std::string& out, const response_frame& frame, std::span<const http_header> headers);
/// The same with lines that are there already.
void append_head_of_lines(std::string& out, const response_frame& frame, std::string_view lines);

/// What a handler's verdict means to a client that got no answer from it.
unsigned code_of(status s);

/// 204 and 304 have no body, whatever the handler says.
constexpr bool code_has_body(unsigned code) {
  return code != 204 && code != 304;
}

}  // namespace parley::host
