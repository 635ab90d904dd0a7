#include "client/endpoint.hpp"

#include <charconv>

namespace parley::client {

std::optional<endpoint> parse_endpoint(std::string_view text) {
  endpoint at;
  const auto colon = text.rfind(':');
  at.host = text.substr(0, colon);
  if (at.host.empty()) return std::nullopt;
  if (colon == std::string_view::npos) return at;
  const std::string_view port = text.substr(colon + 1);
  const auto [end, failed] = std::from_chars(port.data(), port.data() + port.size(), at.port);
  if (failed != std::errc() || end != port.data() + port.size() || at.port == 0) return std::nullopt;
  return at;
}

}  // namespace parley::client
