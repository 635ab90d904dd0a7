#include "host/http/head_scanner.hpp"

#include "host/http/http_chars.hpp"

namespace parley::host {

std::size_t head_scanner::scan(std::string_view input) {
  std::size_t taken = 0;
  while (taken < input.size() && !done() && !failure_) {
    if (++size_ > limits_->max_header) {
      refuse(at_ <= place::version ? 414 : 431, "head too large");
      break;
    }
    step(static_cast<unsigned char>(input[taken++]));
  }
  return taken;
}

void head_scanner::step(unsigned char c) {
  switch (at_) {
    case place::start:
      if (c == '\r' && !skipped_line_) {
        skipped_line_ = true;
        at_ = place::start_lf;
      } else if (is_token(c)) {
        at_ = place::method;
      } else {
        refuse(400, "not an HTTP request");
      }
      return;
    case place::start_lf:
      return expect_lf(c, place::start);
    case place::method:
      if (c == ' ') {
        at_ = place::target;
      } else if (!is_token(c)) {
        refuse(400, "bad method");
      }
      return;
    case place::target:
      if (c == ' ' && !empty_target_) {
        at_ = place::version;
      } else if (!is_target(c)) {
        refuse(400, "bad request target");
      }
      empty_target_ = false;
      return;
    case place::version:
      if (c == '\r') {
        at_ = place::line_lf;
      } else if (c <= ' ' || c >= 0x7f) {
        refuse(400, "bad request line");
      }
      return;
    case place::line_lf:
      return expect_lf(c, place::line_start);
    case place::line_start:
      return begin_name(c);
    case place::name:
      if (c == ':') {
        at_ = place::value;
      } else if (!is_token(c)) {
        refuse(400, "bad header name");
      }
      return;
    case place::value:
      if (c == '\r') {
        at_ = place::line_lf;
      } else if (!is_field_value(c)) {
        refuse(400, "bad header value");
      }
      return;
    case place::end_lf:
      return expect_lf(c, place::done);
    case place::done:
      return;
  }
}

void head_scanner::begin_name(unsigned char c) {
  if (c == '\r') {
    at_ = place::end_lf;
  } else if (c == ' ' || c == '\t') {
    refuse(400, "folded header");
  } else if (!is_token(c)) {
    refuse(400, "bad header name");
  } else if (++fields_ > limits_->max_headers) {
    refuse(431, "too many headers");
  } else {
    at_ = place::name;
  }
}

void head_scanner::expect_lf(unsigned char c, place next) {
  if (c != '\n') return refuse(400, "bare CR");
  at_ = next;
}

void head_scanner::refuse(unsigned code, const char* reason) {
  failure_ = code;
  reason_ = reason;
}

}  // namespace parley::host
