// One request and its answer, as handlers see it.
#pragma once

#include <functional>
#include <span>
#include <string_view>

#include "parley/abi/http.h"
#include "parley/bytes.hpp"
#include "parley/status.hpp"

namespace parley::host {

using http_header = parley_http_header;

inline http_header make_header(std::string_view name, std::string_view value) {
  return {bytes(name), bytes(value)};
}

/// The first header of that lower-case name, or empty.
inline std::string_view find_header(std::span<const http_header> headers, std::string_view name) {
  for (const auto& h : headers) {
    if (view(h.name) == name) return view(h.value);
  }
  return {};
}

/// A complete request. Everything is borrowed until the handler returns; the id outlives it.
struct exchange_view {
  parley_exchange_id id = 0;
  std::string_view method;
  std::string_view path;   // as sent, not percent-decoded
  std::string_view query;  // behind '?', may be empty
  std::string_view body;
  std::string_view peer;                 // address as text, without port
  std::span<const http_header> headers;  // names in lower case
  std::uint64_t body_size = 0;           // in a head as announced, PARLEY_HTTP_UNKNOWN where it is not
  const char* body_file = nullptr;       // of a staged body
  bool tls = false;

  std::string_view header(std::string_view lower_name) const { return find_header(headers, lower_name); }

  /// The same as parley.http/1 hands it to a plugin.
  parley_http_request raw() const {
    return {sizeof(parley_http_request),
            static_cast<std::uint32_t>(headers.size()),
            id,
            bytes(method),
            bytes(path),
            bytes(query),
            bytes(body),
            bytes(peer),
            headers.data(),
            body_size,
            body_file,
            tls ? PARLEY_HTTP_TLS : 0u,
            0};
  }
};

/// Answers by http_service::respond() or respond_file(), now or later, once. An exception becomes a 500. [loop]
using http_handler = std::function<void(const exchange_view&)>;

/// Of a request whose body is still to come: ok lets it. Anything else refuses it, unless it was answered before; an
/// answer after it has returned finds nobody. [loop]
using http_head_handler = std::function<status(const exchange_view&)>;

/// A file to answer with; as parley_http_file.
struct file_source {
  const char* root = nullptr;
  const char* path = nullptr;
  std::string_view etag;
};

}  // namespace parley::host
