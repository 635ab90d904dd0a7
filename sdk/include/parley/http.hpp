// One HTTP request to answer. A coroutine takes it by value; what it reads must be copied before the first await.
#pragma once

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
  /// By lower-case name; empty when absent.
  std::string_view header(std::string_view name) const {
    for (std::uint32_t i = 0; i < raw_->header_count; ++i) {
      if (view(raw_->headers[i].name) == name) return view(raw_->headers[i].value);
    }
    return {};
  }
  status respond(std::uint32_t code, std::string_view content_type, std::string_view body) const {
    parley_http_header type{bytes("content-type"), bytes(content_type)};
    return static_cast<status>(edge_->http->respond(edge_->self, id_, code, &type, 1, bytes(body)));
  }

 private:
  const edge* edge_;
  parley_exchange_id id_;
  const parley_http_request* raw_;
};

}  // namespace parley
