#include "host/http/websocket_upgrade.hpp"

#include <openssl/evp.h>
#include <openssl/sha.h>

#include <algorithm>

#include "host/http/http_chars.hpp"

namespace parley::host {

namespace {

constexpr std::string_view magic = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

/// Whether a comma separated list, over all headers of that name, has the word.
bool has_word(const request_head& head, std::string_view name, std::string_view word) {
  for (const auto& h : head.headers) {
    if (view(h.name) != name) continue;
    for (auto left = view(h.value); !left.empty();) {
      const auto comma = left.find(',');
      const auto item = trimmed(left.substr(0, comma));
      left = comma == std::string_view::npos ? std::string_view() : left.substr(comma + 1);
      if (equals_ignoring_case(item, word)) return true;
    }
  }
  return false;
}

std::size_t how_many(const request_head& head, std::string_view name) {
  return static_cast<std::size_t>(
      std::count_if(head.headers.begin(), head.headers.end(), [&](const auto& h) { return view(h.name) == name; }));
}

/// Sixteen bytes in base64.
bool is_key(std::string_view key) {
  if (key.size() != 24 || key.substr(22) != "==") return false;
  return std::all_of(key.begin(), key.begin() + 22, [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '+' || c == '/';
  });
}

bool may_connect(std::string_view origin, std::string_view host, const std::vector<std::string>& origins, bool secure) {
  if (origins.empty()) {
    const auto scheme = origin.find("://");
    if (scheme == std::string_view::npos || host.empty()) return false;
    // A page that came in the clear may be anybody's. Without TLS here, there may be a proxy's in front.
    if (secure && !equals_ignoring_case(origin.substr(0, scheme), "https")) return false;
    return equals_ignoring_case(origin.substr(scheme + 3), host);
  }
  return std::any_of(origins.begin(), origins.end(),
                     [&](const std::string& one) { return one == "*" || equals_ignoring_case(origin, one); });
}

}  // namespace

std::string websocket_accept(std::string_view key) {
  const auto text = std::string(key).append(magic);
  unsigned char digest[SHA_DIGEST_LENGTH];
  SHA1(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest);
  unsigned char encoded[4 * ((SHA_DIGEST_LENGTH + 2) / 3) + 1];
  const int size = EVP_EncodeBlock(encoded, digest, SHA_DIGEST_LENGTH);
  return {encoded, encoded + size};
}

upgrade_answer judge_upgrade(const request_head& head, const std::vector<std::string>& origins, bool secure) {
  if (head.method != "GET") return {405, "", "not a GET"};
  if (!has_word(head, "upgrade", "websocket") || !has_word(head, "connection", "upgrade"))
    return {426, "", "no upgrade"};
  if (head.has_body()) return {400, "", "an upgrade with a body"};
  if (how_many(head, "sec-websocket-version") != 1 || head.header("sec-websocket-version") != "13")
    return {426, "", "another version"};
  if (how_many(head, "sec-websocket-key") != 1 || !is_key(head.header("sec-websocket-key")))
    return {400, "", "bad key"};
  if (how_many(head, "origin") > 1) return {400, "", "several origins"};
  if (how_many(head, "origin") == 1 && !may_connect(head.header("origin"), head.header("host"), origins, secure))
    return {403, "", "an origin that websocket.origins does not name"};
  return {101, websocket_accept(head.header("sec-websocket-key")), ""};
}

}  // namespace parley::host
