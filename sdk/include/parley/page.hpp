// A web page that was built into the plugin by parley_add_page(), and how it is served.
#pragma once

#include <algorithm>
#include <array>
#include <cctype>
#include <span>
#include <string>
#include <string_view>

#include "http.hpp"

namespace parley {

/// Written by the build; all of it lives as long as the generation.
struct page_file {
  std::string_view path;
  std::string_view type;
  std::string_view digest;  ///< of the content
  std::string_view plain;
  std::string_view gzip;  ///< empty where it saves nothing
  bool lasting;           ///< its name changes with its content
};

/// What else a page may load, each a list of sources as Content-Security-Policy has them ("https://media.example.org").
struct page_policy {
  std::string_view images;
  std::string_view connect;
};

namespace detail {

/// A Host that can stand in a header of ours: name or address, and port.
inline bool is_plain_host(std::string_view host) {
  return !host.empty() && host.size() < 256 && std::all_of(host.begin(), host.end(), [](unsigned char c) {
    return std::isalnum(c) || c == '.' || c == '-' || c == ':' || c == '[' || c == ']' || c == '_';
  });
}

/// Whether an Accept-Encoding lets gzip through.
inline bool takes_gzip(std::string_view accepted) {
  while (!accepted.empty()) {
    auto one = accepted.substr(0, accepted.find(','));
    accepted.remove_prefix(std::min(accepted.size(), one.size() + 1));
    const auto name = one.substr(0, one.find(';'));
    const auto begin = name.find_first_not_of(" \t");
    if (begin == std::string_view::npos) continue;
    const auto word = name.substr(begin, name.find_last_not_of(" \t") - begin + 1);
    if (word != "gzip" && word != "*") continue;
    const auto q = one.find("q=");
    return q == std::string_view::npos || one.find_first_of("123456789", q) != std::string_view::npos;
  }
  return false;
}

}  // namespace detail

/// The browser is told to load nothing but what the page itself brings, to run no inline script, to frame it nowhere,
/// and to insert no HTML from texts (trusted types); it connects to its own host alone, by HTTP and WebSocket.
inline std::string page_security_policy(const http_request& request, const page_policy& also = {}) {
  std::string out =
      "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; manifest-src 'self'; "
      "media-src 'self' blob:; img-src 'self' blob: data:";
  if (!also.images.empty()) out.append(" ").append(also.images);
  out += "; connect-src 'self'";
  if (const auto host = request.header("host"); detail::is_plain_host(host)) {
    // Not every browser counts WebSockets to 'self'.
    if (!request.over_tls()) out.append(" ws://").append(host);
    out.append(" wss://").append(host);
  }
  if (!also.connect.empty()) out.append(" ").append(also.connect);
  return out +=
         "; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; "
         "trusted-types 'none'";
}

class page {
 public:
  constexpr explicit page(std::span<const page_file> files) : files_(files) {}

  /// Answers GET and HEAD of the page's paths, with 404 for anything else below. A handler of routes:
  ///   parley::status on_page(parley::http_request request) { return parley::pages::NAME.serve(request); }
  status serve(const http_request& request, const page_policy& also = {}) const {
    const auto found =
        std::find_if(files_.begin(), files_.end(), [&](const page_file& one) { return one.path == request.path(); });
    if (found == files_.end()) return request.respond(404, "text/plain; charset=utf-8", "there is no such page\n");
    const bool small = !found->gzip.empty() && detail::takes_gzip(request.header("accept-encoding"));
    const std::string etag = "\"" + std::string(found->digest) + (small ? "-gz\"" : "\"");
    const std::string policy = page_security_policy(request, also);
    std::array<parley_http_header, 12> headers{{
        header("Content-Type", found->type),
        // The names of what it loads say what is in it; the page itself is asked for each time, and mostly 304.
        header("Cache-Control", found->lasting ? "public, max-age=31536000, immutable" : "no-cache"),
        header("ETag", etag),
        header("Vary", "Accept-Encoding"),
        header("Content-Security-Policy", policy),
        header("X-Content-Type-Options", "nosniff"),
        header("X-Frame-Options", "DENY"),
        header("Referrer-Policy", "no-referrer"),
        header("Cross-Origin-Opener-Policy", "same-origin"),
        header("Cross-Origin-Resource-Policy", "same-origin"),
        header("Permissions-Policy", "camera=(), microphone=(), geolocation=()"),
        header("Content-Encoding", "gzip"),
    }};
    const std::span<const parley_http_header> sent(headers.data(), headers.size() - (small ? 0 : 1));
    const auto known = request.header("if-none-match");
    if (known == "*" || known.find(etag) != std::string_view::npos) {
      return request.respond(304, std::span(headers.data(), headers.size() - 1), {});
    }
    return request.respond(200, sent, small ? found->gzip : found->plain);
  }

  std::span<const page_file> files() const { return files_; }

 private:
  static parley_http_header header(std::string_view name, std::string_view value) {
    return {bytes(name), bytes(value)};
  }

  std::span<const page_file> files_;
};

}  // namespace parley
