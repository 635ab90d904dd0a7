// One HTTP request to answer. A coroutine takes it by value; what it reads must be copied before the first await.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "bytes.hpp"
#include "edge.hpp"
#include "status.hpp"

namespace parley {

class http_request {
 public:
  http_request(const edge* e, const parley_http_request& raw) : edge_(e), id_(raw.id), raw_(&raw) {}

  std::string_view method() const { return view(raw_->method); }
  std::string_view path() const { return view(raw_->path); }
  std::string_view query() const { return view(raw_->query); }
  std::string_view body() const { return view(raw_->body); }
  std::string_view peer() const { return view(raw_->peer); }
  /// Of a staged route (tables.hpp), on its way to or in body_file(). PARLEY_HTTP_UNKNOWN in a head that does not say.
  std::uint64_t body_size() const { return raw_->body_size; }
  /// Path of a staged body: the host's, and gone when the exchange has ended; rename it to keep it. Null when in
  /// memory.
  const char* body_file() const { return raw_->body_file; }
  /// It came as https, to a listener that speaks TLS itself; what a proxy in front speaks is not known.
  bool over_tls() const { return raw_->flags & PARLEY_HTTP_TLS; }
  /// By lower-case name; empty when absent.
  std::string_view header(std::string_view name) const {
    for (std::uint32_t i = 0; i < raw_->header_count; ++i) {
      if (view(raw_->headers[i].name) == name) return view(raw_->headers[i].value);
    }
    return {};
  }
  status respond(std::uint32_t code, std::string_view content_type, std::string_view body) const {
    parley_http_header type{bytes("content-type"), bytes(content_type)};
    return respond(code, {&type, 1}, body);
  }
  status respond(std::uint32_t code, std::span<const parley_http_header> headers, std::string_view body) const {
    return static_cast<status>(
        edge_->http->respond(edge_->self, id_, code, headers.data(), headers.size(), bytes(body)));
  }
  /// With a regular file below `root`, as GET and HEAD with their Range and conditions ask (abi/http.h). Both end in
  /// NUL.
  status respond_file(const char* root, const char* path, std::span<const parley_http_header> headers,
                      std::string_view etag = {}) const {
    const parley_http_file file{sizeof file, 0, root, path, bytes(etag)};
    return static_cast<status>(edge_->http->respond_file(edge_->self, id_, headers.data(), headers.size(), &file));
  }

 private:
  const edge* edge_;
  parley_exchange_id id_;
  const parley_http_request* raw_;
};

}  // namespace parley
