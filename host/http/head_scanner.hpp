// The strict first look at a request head or a trailer section, byte by byte and without a buffer.
//
// Rationale: llhttp forgives what proxies in front may read differently (a folded header, doubled spaces, a bare LF
// here and there) and has no limits. What passes here has exactly one reading; llhttp then says what it means.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "host/http/http_limits.hpp"

namespace parley::host {

class head_scanner {
 public:
  enum class section { head, trailers };

  explicit head_scanner(const http_limits& limits, section s = section::head)
      : limits_(&limits), at_(s == section::head ? place::start : place::line_start) {}

  /// Takes bytes from the front of `input`, at most up to the empty line that ends the section; returns how many.
  std::size_t scan(std::string_view input);
  bool done() const { return at_ == place::done; }
  /// 0, or the status code to refuse with: 400, 414, 431. Nothing more is taken then.
  unsigned failure() const { return failure_; }
  const char* reason() const { return reason_; }
  /// Nothing but the empty line that may stand before a request has come.
  bool blank() const { return at_ == place::start || at_ == place::start_lf; }

 private:
  // start -> method -> target -> version -> line_lf -> line_start -> name -> value -> line_lf -> line_start -> end_lf
  // -> done
  enum class place : std::uint8_t {
    start,
    start_lf,
    method,
    target,
    version,
    line_lf,
    line_start,
    name,
    value,
    end_lf,
    done
  };

  void step(unsigned char c);
  void begin_name(unsigned char c);
  void expect_lf(unsigned char c, place next);
  void refuse(unsigned code, const char* reason);

  const http_limits* limits_;
  place at_;
  bool skipped_line_ = false;
  bool empty_target_ = true;
  std::uint32_t fields_ = 0;
  std::size_t size_ = 0;
  unsigned failure_ = 0;
  const char* reason_ = "";
};

}  // namespace parley::host
