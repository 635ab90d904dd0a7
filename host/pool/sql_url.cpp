#include "host/pool/sql_url.hpp"

#include <charconv>
#include <optional>

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

result<void> read_server(std::string_view rest, sql_url& url) {
  static const error shape = bad("expected mysql://user:password@host:port/database");
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

  std::string_view port;
  if (where.starts_with('[')) {  // an IPv6 address
    const auto close = where.find(']');
    if (close == where.npos) return shape;
    url.host = where.substr(1, close - 1);
    port = where.substr(close + 1);
  } else {
    const auto split = where.rfind(':');
    url.host = where.substr(0, split);
    if (split != where.npos) port = where.substr(split);
  }
  if (url.host.empty()) return shape;
  if (!port.empty()) {
    const auto [end, failed] = std::from_chars(port.data() + 1, port.data() + port.size(), url.port);
    if (port[0] != ':' || failed != std::errc{} || end != port.data() + port.size() || url.port == 0) {
      return bad("expected a port from 1 to 65535");
    }
  }
  url.user = *user;
  url.password = *password;
  url.database = *database;
  return {};
}

}  // namespace

std::string sql_url::redacted() const {
  if (kind == sql_kind::sqlite) return std::string(sqlite_scheme) + path;
  const bool v6 = host.find(':') != host.npos;
  return std::string(mysql_scheme) + user + (password.empty() ? "@" : ":***@") + (v6 ? "[" + host + "]" : host) + ":" +
         std::to_string(port) + "/" + database;
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
