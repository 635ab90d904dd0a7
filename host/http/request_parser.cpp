#include "host/http/request_parser.hpp"

#include <algorithm>

#include "host/http/http_chars.hpp"

namespace parley::host {

namespace {

constexpr std::size_t streamed_most = 128 << 10;  // what one read and the rest of the one before may bring

/// Appends without ever holding more than `limit` bytes of capacity.
void append_within(std::string& out, std::string_view more, std::size_t limit) {
  const auto needed = out.size() + more.size();
  if (needed > out.capacity()) {
    std::string larger;
    larger.reserve(std::min(limit, std::max(needed, 2 * out.capacity())));
    larger += out;
    out.swap(larger);
  }
  out += more;
}

bool is_host(std::string_view value) {
  return std::all_of(value.begin(), value.end(), [](unsigned char c) {
    return is_alnum(c) ||
           (c != 0 && std::string_view("-._~:[]%!$&'()*+;=").find(static_cast<char>(c)) != std::string_view::npos);
  });
}

}  // namespace

struct request_parser::callbacks {
  static request_parser& of(llhttp_t* p) { return *static_cast<request_parser*>(p->data); }

  static int url(llhttp_t* p, const char* at, std::size_t size) {
    auto& target = of(p).target_;
    target = target.empty() ? std::string_view(at, size) : std::string_view(target.data(), target.size() + size);
    return 0;
  }
  static int field(llhttp_t* p, const char* at, std::size_t size) {
    auto& self = of(p);
    auto* name = self.raw_head_.data() + (at - self.raw_head_.data());
    std::transform(name, name + size, name, to_lower);
    self.head_.headers.push_back(make_header({at, size}, {}));
    return 0;
  }
  static int value(llhttp_t* p, const char* at, std::size_t size) {
    auto& h = of(p).head_.headers.back();
    const auto* begin = h.value.data ? static_cast<const char*>(h.value.data) : at;
    h.value = bytes(trimmed({begin, static_cast<std::size_t>(at + size - begin)}));
    return 0;
  }
  static int headers_complete(llhttp_t* p) {
    p->upgrade = 0;  // offers to upgrade are ignored, as RFC 9110 7.8 allows
    return HPE_PAUSED;
  }
  static int body(llhttp_t* p, const char* at, std::size_t size) { return of(p).add_body({at, size}); }
  static int chunk(llhttp_t* p) { return p->content_length == 0 ? HPE_PAUSED : HPE_OK; }
  static int message_complete(llhttp_t* p) {
    of(p).message_complete_ = true;
    return HPE_PAUSED;
  }

  static const llhttp_settings_t& settings() {
    static const llhttp_settings_t value = [] {
      llhttp_settings_t s;
      llhttp_settings_init(&s);
      s.on_url = url;
      s.on_header_field = field;
      s.on_header_value = callbacks::value;
      s.on_headers_complete = headers_complete;
      s.on_body = body;
      s.on_chunk_header = chunk;
      s.on_message_complete = message_complete;
      return s;
    }();
    return value;
  }
};

request_parser::request_parser(const http_limits& limits) : limits_(limits), scanner_(limits_) {
  reset();
}

void request_parser::reset() {
  llhttp_init(&llhttp_, HTTP_REQUEST, &callbacks::settings());
  llhttp_.data = this;
  scanner_ = head_scanner(limits_);
  stage_ = stage::head;
  message_complete_ = false;
  raw_head_.clear();
  target_ = {};
  head_ = {};
  body_.clear();
  max_body_ = 0;
  body_size_ = 0;
  streamed_ = false;
  wire_ = 0;
  failure_ = 0;
  reason_ = "";
}

request_parser::event request_parser::feed(std::string_view& input) {
  switch (stage_) {
    case stage::head:
      return feed_head(input);
    case stage::body:
      return feed_body(input);
    case stage::trailers:
      return feed_trailers(input);
    case stage::done:
      return event::complete;
    case stage::failed:
      break;
  }
  return event::failed;
}

request_parser::event request_parser::feed_head(std::string_view& input) {
  const auto taken = scanner_.scan(input);
  append_within(raw_head_, input.substr(0, taken), limits_.max_header);
  input.remove_prefix(taken);
  if (scanner_.failure()) return fail(scanner_.failure(), scanner_.reason());
  return scanner_.done() ? parse_head() : event::more;
}

request_parser::event request_parser::parse_head() {
  llhttp_execute(&llhttp_, raw_head_.data(), raw_head_.size());
  if (llhttp_get_errno(&llhttp_) != HPE_PAUSED) return fail_from_llhttp();
  if (llhttp_get_error_pos(&llhttp_) != raw_head_.data() + raw_head_.size()) return fail(400, "head ends early");
  return finish_head();
}

request_parser::event request_parser::finish_head() {
  const bool http_1_1 = llhttp_.http_major == 1 && llhttp_.http_minor == 1;
  if (!http_1_1 && !(llhttp_.http_major == 1 && llhttp_.http_minor == 0)) return fail(505, "HTTP version");
  head_.method = llhttp_method_name(static_cast<llhttp_method_t>(llhttp_.method));
  if (target_ != "*" || head_.method != "OPTIONS") {
    if (!target_.starts_with('/')) return fail(400, "request target is not a path");
  }
  const auto mark = target_.find('?');
  head_.path = target_.substr(0, mark);
  if (mark != std::string_view::npos) head_.query = target_.substr(mark + 1);

  if (const char* wrong = check_host()) return fail(400, wrong);
  std::size_t encodings = 0;
  for (const auto& h : head_.headers) {
    if (view(h.name) != "transfer-encoding") continue;
    if (!http_1_1) return fail(400, "Transfer-Encoding in HTTP/1.0");
    if (++encodings > 1) return fail(400, "several Transfer-Encoding headers");
    if (!equals_ignoring_case(view(h.value), "chunked")) return fail(501, "Transfer-Encoding is not chunked");
  }
  head_.chunked = encodings > 0;
  if (!head_.chunked) head_.content_length = llhttp_.content_length;
  if (const auto expected = head_.header("expect"); http_1_1 && !expected.empty()) {
    if (!equals_ignoring_case(expected, "100-continue")) return fail(417, "unknown expectation");
    head_.expects_continue = head_.has_body();
  }
  head_.keep_alive = !(llhttp_.flags & F_CONNECTION_CLOSE) && (http_1_1 || llhttp_.flags & F_CONNECTION_KEEP_ALIVE);
  stage_ = stage::body;
  return event::head;
}

const char* request_parser::check_host() const {
  const auto hosts = std::count_if(head_.headers.begin(), head_.headers.end(),
                                   [](const http_header& h) { return view(h.name) == "host"; });
  if (hosts > 1) return "several Host headers";
  if (hosts == 0 && llhttp_.http_minor == 1) return "no Host header";
  return is_host(head_.header("host")) ? nullptr : "bad Host header";
}

request_parser::event request_parser::feed_body(std::string_view& input) {
  if (head_.content_length > max_body_) return fail(413, "body too large");
  if (llhttp_get_errno(&llhttp_) == HPE_PAUSED) llhttp_resume(&llhttp_);
  feeding_ = input.empty() ? "" : input.data();
  const auto outcome = llhttp_execute(&llhttp_, feeding_, input.size());
  if (outcome != HPE_OK && outcome != HPE_PAUSED) return fail_from_llhttp();
  const auto taken =
      outcome == HPE_OK ? input.size() : static_cast<std::size_t>(llhttp_get_error_pos(&llhttp_) - feeding_);
  if (framing_too_large(feeding_ + taken)) return fail(400, "chunk framing too large");
  input.remove_prefix(taken);
  wire_ += taken;
  if (outcome == HPE_OK) return event::more;
  if (message_complete_) {
    stage_ = stage::done;
    return event::complete;
  }
  scanner_ = head_scanner(limits_, head_scanner::section::trailers);
  stage_ = stage::trailers;
  return feed_trailers(input);
}

request_parser::event request_parser::feed_trailers(std::string_view& input) {
  input.remove_prefix(scanner_.scan(input));
  if (scanner_.failure()) return fail(scanner_.failure(), scanner_.reason());
  if (!scanner_.done()) return event::more;
  stage_ = stage::done;
  return event::complete;
}

bool request_parser::framing_too_large(const char* up_to) const {
  // Leading zeros, extensions and one-byte chunks: framing may cost what small chunks cost, and a head's worth.
  const auto wire = wire_ + static_cast<std::uint64_t>(up_to - feeding_);
  return wire - body_size_ > limits_.max_header + 8 * body_size_;
}

int request_parser::add_body(std::string_view piece) {
  if (framing_too_large(piece.data())) {
    fail(400, "chunk framing too large");
    return HPE_USER;
  }
  if (piece.size() > max_body_ - body_size_) {
    fail(413, "body too large");
    return HPE_USER;
  }
  body_size_ += piece.size();
  const auto most = head_.chunked ? max_body_ : static_cast<std::size_t>(head_.content_length);
  append_within(body_, piece, streamed_ ? streamed_most : most);
  return HPE_OK;
}

request_parser::event request_parser::fail(unsigned code, const char* reason) {
  stage_ = stage::failed;
  failure_ = code;
  reason_ = reason;
  return event::failed;
}

request_parser::event request_parser::fail_from_llhttp() {
  if (failure_) return event::failed;
  switch (llhttp_get_errno(&llhttp_)) {
    case HPE_INVALID_METHOD:
      return fail(501, "unknown method");
    case HPE_INVALID_VERSION:
      return fail(505, "HTTP version");
    case HPE_OK:
      return fail(505, "HTTP/2 preface");  // llhttp takes "PRI * HTTP/2.0" for a head that goes on
    default: {
      const char* reason = llhttp_get_error_reason(&llhttp_);
      return fail(400, reason ? reason : "not an HTTP request");
    }
  }
}

}  // namespace parley::host
