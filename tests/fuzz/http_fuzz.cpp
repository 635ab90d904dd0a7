// Any bytes into the HTTP request parser: cut at random or not at all it says the same, and it keeps its limits.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "host/http/request_parser.hpp"

using parley::host::request_parser;
using event = request_parser::event;

namespace {

constexpr parley::host::http_limits limits{512, 8};
constexpr std::size_t max_body = 256;

void require(bool holds) {
  if (!holds) std::abort();
}

void check(const request_parser& parser) {
  const auto& head = parser.head();
  require(parser.body().size() <= max_body);
  require(head.headers.size() <= limits.max_headers);
  require(head.path == "*" || head.path.starts_with('/'));
  require(!(head.chunked && head.content_length));
  for (const auto& h : head.headers) {
    for (unsigned char c : parley::view(h.name)) require(c > ' ' && c < 0x7f && c != ':' && !(c >= 'A' && c <= 'Z'));
    for (unsigned char c : parley::view(h.value)) require(c == '\t' || (c >= ' ' && c != 0x7f));
  }
}

/// Everything the parser said about a stream, request after request.
struct listener {
  explicit listener(bool takes_pieces = false) : streamed(takes_pieces) {}
  request_parser parser{limits};
  const bool streamed;  // the body is taken away as it comes
  std::string body;
  std::string said;
  bool failed = false;

  void take(std::string_view input) {
    while (!failed) {
      const auto happened = parser.feed(input);
      if (streamed) body += parser.take_body();
      switch (happened) {
        case event::more:
          require(input.empty());
          return;
        case event::head:
          parser.set_max_body(max_body);
          if (streamed) parser.stream_body();
          check(parser);
          break;
        case event::complete:
          check(parser);
          if (!streamed) body = parser.body();
          require(body.size() == parser.body_size());
          tell();
          body.clear();
          parser.reset();
          if (input.empty()) return;
          break;
        case event::failed:
          require(parser.failure() >= 400 && parser.failure() < 600);
          require(parser.reason() && *parser.reason());
          said += std::to_string(parser.failure());
          failed = true;
      }
    }
  }

  void tell() {
    const auto& head = parser.head();
    for (auto part : {head.method, head.path, head.query, std::string_view(body)}) said.append(part).push_back('\n');
    for (const auto& h : head.headers)
      said.append(parley::view(h.name)).append("=").append(parley::view(h.value)).push_back('\n');
    said += head.keep_alive ? "keep\n" : "close\n";
  }
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::size_t step = data[0] % 32 + 1;
  const std::string_view stream(reinterpret_cast<const char*>(data + 1), size - 1);

  // A copy of its own size, so that reading past the end is seen.
  listener whole;
  const std::vector<char> copy(stream.begin(), stream.end());
  whole.take({copy.data(), copy.size()});

  listener split;
  for (std::size_t at = 0; at < stream.size(); at += step) {
    const auto piece = stream.substr(at, step);
    const std::vector<char> own(piece.begin(), piece.end());
    split.take({own.data(), own.size()});
  }
  listener streamed(true);
  streamed.take({copy.data(), copy.size()});
  require(whole.said == streamed.said);
  require(whole.said == split.said);
  require(whole.failed == split.failed);
  return 0;
}
