#include "host/config/redis_url.hpp"

#include <charconv>
#include <optional>

#include "host/config/scalars.hpp"

namespace parley::host {

namespace {

constexpr std::string_view tcp_scheme = "redis://";
constexpr std::string_view unix_scheme = "redis+unix://";
constexpr std::size_t longest_path = 107;  // sockaddr_un
constexpr bounds db_bounds{0, 1'000'000};

error bad(std::string text) {
  return {status::malformed, std::move(text)};
}

std::optional<std::string> decode(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out += text[i];
      continue;
    }
    unsigned byte = 0;
    if (i + 3 > text.size()) return std::nullopt;
    const auto* end = text.data() + i + 3;
    if (std::from_chars(text.data() + i + 1, end, byte, 16).ptr != end) return std::nullopt;
    out += static_cast<char>(byte);
    i += 2;
  }
  return out;
}

result<void> read_db(std::string_view text, redis_address& out) {
  const auto number = parse_integer(text, db_bounds);
  if (!number) return bad("the database has to be a number, 0 if in doubt");
  out.db = static_cast<std::uint32_t>(*number);
  return {};
}

/// Cuts USER:PASSWORD@ off.
result<void> read_credentials(std::string_view& rest, redis_address& out) {
  const auto at = rest.rfind('@');
  if (at == rest.npos) return {};
  const auto who = rest.substr(0, at);
  rest.remove_prefix(at + 1);
  const auto colon = who.find(':');
  if (colon == who.npos) return bad("before the @ stand USER:PASSWORD, or :PASSWORD for the default user");
  auto user = decode(who.substr(0, colon));
  auto password = decode(who.substr(colon + 1));
  if (!user || !password) return bad("a % in user or password has to be written %25");
  if (password->empty()) return bad("the password before the @ is empty: is its variable set?");
  out.user = std::move(*user);
  out.password = std::move(*password);
  return {};
}

result<void> read_port(std::string_view text, redis_address& out) {
  const auto port = text.starts_with(':') ? parse_integer(text.substr(1), {1, 65535}) : status::malformed;
  if (!port) return bad("the port has to be a number from 1 to 65535");
  out.port = static_cast<std::uint16_t>(*port);
  return {};
}

/// HOST[:PORT][/DB]
result<void> read_server(std::string_view rest, redis_address& out) {
  if (const auto slash = rest.find('/'); slash != rest.npos) {
    const auto db = rest.substr(slash + 1);
    rest = rest.substr(0, slash);
    if (!db.empty()) {
      if (auto read = read_db(db, out); !read) return read;
    }
  }
  const bool v6 = rest.starts_with('[');
  const auto end = v6 ? rest.find(']') : rest.find(':');
  if (v6 && end == rest.npos) return bad("the ] of the address is missing");
  out.host = rest.substr(v6 ? 1 : 0, v6 ? end - 1 : end);
  if (out.host.empty()) return bad("the host is missing");
  if (out.host.find_first_of(" \t?#") != out.host.npos) return bad("the host is no name of a host");
  const auto after = end == rest.npos ? std::string_view{} : rest.substr(v6 ? end + 1 : end);
  return after.empty() ? result<void>{} : read_port(after, out);
}

/// /PATH[?db=N]
result<void> read_path(std::string_view rest, redis_address& out) {
  if (const auto question = rest.find('?'); question != rest.npos) {
    const auto option = rest.substr(question + 1);
    rest = rest.substr(0, question);
    if (!option.starts_with("db=")) return bad("behind the ? of a socket only db=N may stand");
    if (auto read = read_db(option.substr(3), out); !read) return read;
  }
  if (!rest.starts_with('/')) return bad("the path of the socket has to be absolute, which makes three slashes");
  if (rest.size() > longest_path) return bad("the path of the socket is longer than 107 bytes");
  out.path = rest;
  return {};
}

}  // namespace

std::string redis_address::shown() const {
  if (!path.empty()) return std::string(unix_scheme) + path + (db ? "?db=" + std::to_string(db) : "");
  const bool v6 = host.find(':') != host.npos;
  return std::string(tcp_scheme) + (v6 ? "[" + host + "]" : host) + ":" + std::to_string(port) +
         (db ? "/" + std::to_string(db) : "");
}

result<redis_address> parse_redis_url(std::string_view text) {
  const bool is_unix = text.starts_with(unix_scheme);
  if (text.starts_with("rediss://")) return bad("TLS to Redis is not built in: put a tunnel beside the node");
  if (!is_unix && !text.starts_with(tcp_scheme)) return bad("expected " + std::string(redis_url_forms));
  if (text.find('\0') != text.npos) return bad("a zero byte");
  redis_address out;
  text.remove_prefix((is_unix ? unix_scheme : tcp_scheme).size());
  if (auto read = read_credentials(text, out); !read) return read.failure();
  auto read = is_unix ? read_path(text, out) : read_server(text, out);
  if (!read) return read.failure();
  return out;
}

}  // namespace parley::host
