#include "host/pool/sql_url.hpp"

#include <charconv>
#include <optional>

#include "host/config/scalars.hpp"

namespace parley::host {

namespace {

constexpr std::string_view sqlite_scheme = "sqlite://";
constexpr std::string_view mysql_scheme = "mysql://";

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::optional<std::string> decode(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (c == '%') {
      const int high = i + 2 < text.size() ? hex_digit(text[i + 1]) : -1;
      const int low = high < 0 ? -1 : hex_digit(text[i + 2]);
      if (low < 0) return std::nullopt;
      c = static_cast<char>(high << 4 | low);
      i += 2;
    }
    if (c == '\0') return std::nullopt;
    out += c;
  }
  return out;
}

error bad(std::string text) {
  return {status::malformed, std::move(text)};
}

result<void> read_options(std::string_view text, sql_url& url) {
  while (!text.empty()) {
    const auto end = text.find('&');
    const auto pair = text.substr(0, end);
    const auto equals = pair.find('=');
    const auto key = decode(pair.substr(0, equals));
    const auto value = equals == pair.npos ? std::nullopt : decode(pair.substr(equals + 1));
    if (!key || key->empty() || !value) return bad("expected ?key=value&key=value at the end of the url");
    url.options[*key] = *value;
    text = end == text.npos ? std::string_view{} : text.substr(end + 1);
  }
  return {};
}

result<sql_host> read_host(std::string_view text, const error& shape) {
  sql_host one;
  std::string_view port;
  if (text.starts_with('[')) {  // an IPv6 address
    const auto close = text.find(']');
    if (close == text.npos) return shape;
    one.name = text.substr(1, close - 1);
    port = text.substr(close + 1);
  } else {
    const auto split = text.rfind(':');
    one.name = text.substr(0, split);
    if (split != text.npos) port = text.substr(split);
  }
  if (one.name.empty()) return shape;
  if (!port.empty()) {
    const auto [end, failed] = std::from_chars(port.data() + 1, port.data() + port.size(), one.port);
    if (port[0] != ':' || failed != std::errc{} || end != port.data() + port.size() || one.port == 0) {
      return bad("expected a port from 1 to 65535");
    }
  }
  return one;
}

result<void> read_server(std::string_view rest, sql_url& url) {
  static const error shape =
      bad("expected mysql://user:password@host:port/database, with several host:port by commas, or "
          "mysql://user:password@/database?socket=/path");
  const auto at = rest.rfind('@');
  if (at == rest.npos) return shape;
  const auto who = rest.substr(0, at);
  auto where = rest.substr(at + 1);
  const auto colon = who.find(':');
  const auto user = decode(who.substr(0, colon));
  const auto password = colon == who.npos ? std::string{} : decode(who.substr(colon + 1));
  const auto slash = where.find('/');
  const auto database = slash == where.npos ? std::nullopt : decode(where.substr(slash + 1));
  if (!user || user->empty() || !password || !database || database->empty()) return shape;
  where = where.substr(0, slash);
  if (const auto socket = url.options.extract("socket")) {
    if (!where.empty()) return bad("a socket has no host and port: write mysql://user:password@/database?socket=/path");
    if (!socket.mapped().starts_with('/')) return bad("expected socket=/path, an absolute one");
    url.hosts.push_back({"", 0, socket.mapped()});
  } else {
    for (;;) {
      const auto comma = where.find(',');
      auto one = read_host(where.substr(0, comma), shape);
      if (!one) return one.failure();
      url.hosts.push_back(std::move(*one));
      if (comma == where.npos) break;
      where = where.substr(comma + 1);
    }
  }
  url.user = *user;
  url.password = *password;
  url.database = *database;
  return {};
}

}  // namespace

std::string sql_host::shown() const {
  if (!socket.empty()) return socket;
  const bool v6 = name.find(':') != name.npos;
  return (v6 ? "[" + name + "]" : name) + ":" + std::to_string(port);
}

std::string sql_url::redacted() const {
  if (kind == sql_kind::sqlite) return std::string(sqlite_scheme) + path;
  std::string text = std::string(mysql_scheme) + user + (password.empty() ? "@" : ":***@");
  const bool local = hosts.size() == 1 && !hosts.front().socket.empty();
  for (std::size_t i = 0; !local && i < hosts.size(); ++i) text += (i ? "," : "") + hosts[i].shown();
  text += "/" + database;
  return local ? text + "?socket=" + hosts.front().socket : text;
}

result<void> check_sql_options(const sql_url& url) {
  for (const auto& [key, text] : url.options) {
    const auto found = "option " + key + "=" + text + ": ";
    if (url.kind == sql_kind::sqlite) {
      if (key == "synchronous" && (text == "full" || text == "normal")) continue;
      return bad(found + "expected synchronous=full or synchronous=normal");
    }
    if (key != "connect_timeout" && key != "read_timeout") {
      return bad(found + "expected socket, connect_timeout or read_timeout");
    }
    if (const auto time = parse_duration(text, {1000, 600'000}); !time) return bad(found + std::string(time.text()));
  }
  return {};
}

result<sql_url> parse_sql_url(std::string_view text) {
  sql_url url;
  const auto question = text.find('?');
  const auto main = text.substr(0, question);
  if (question != text.npos) {
    if (auto read = read_options(text.substr(question + 1), url); !read) return read.failure();
  }
  if (main.starts_with(sqlite_scheme)) {
    const auto path = decode(main.substr(sqlite_scheme.size()));
    if (!path || path->empty()) return bad("expected sqlite:///absolute/file.db or sqlite://./relative.db");
    if (path->starts_with(':'))
      return bad("a pool has several connections: a database in memory cannot be shared by them");
    url.path = *path;
    return url;
  }
  if (main.starts_with(mysql_scheme)) {
    url.kind = sql_kind::mysql;
    if (auto read = read_server(main.substr(mysql_scheme.size()), url); !read) return read.failure();
    return url;
  }
  return bad("expected a url that begins with sqlite:// or mysql://");
}

}  // namespace parley::host
