#include "host/config/pool_url.hpp"

#include <algorithm>

#include "host/config/environment.hpp"
#include "host/config/redis_url.hpp"
#include "host/config/words.hpp"
#include "host/pool/sql_url.hpp"

namespace parley::host {

namespace {

constexpr const char* sql_forms = "sqlite://PATH or mysql://USER:PASSWORD@HOST:PORT,HOST:PORT/DATABASE";

/// What may be shown of a url: the text as written, without what an environment variable put there.
std::string shown(const yaml_node& node) {
  return in_quotes(node.source.empty() ? node.text : node.source);
}

void check_password(const value& url) {
  const yaml_node& node = url.node();
  if (!has_literal_password(node.source.empty() ? node.text : node.source)) return;
  url.report("secrets are never in the file: write the password as ${NAME} and set NAME in the environment");
}

}  // namespace

bool has_literal_password(const std::string& source) {
  const expansion url = expand_variables(source, no_variable);
  const std::size_t scheme = url.text.find("://");
  if (scheme == std::string::npos) return false;
  const std::size_t begin = scheme + 3, query = url.text.find('?', begin);
  const auto from_file = [&](std::size_t first, std::size_t last) {
    return std::find(url.from_file.begin() + static_cast<std::ptrdiff_t>(first),
                     url.from_file.begin() + static_cast<std::ptrdiff_t>(last),
                     true) != url.from_file.begin() + static_cast<std::ptrdiff_t>(last);
  };
  const std::size_t at = url.text.rfind('@', query);
  const std::size_t colon = url.text.find(':', begin);
  if (at != std::string::npos && colon < at && from_file(colon + 1, at)) return true;
  for (const char* key : {"?password=", "&password=", "?pass=", "&pass=", "?passwd=", "&passwd="}) {
    const std::size_t found = url.text.find(key);
    if (found == std::string::npos) continue;
    const std::size_t first = url.text.find('=', found) + 1;
    if (from_file(first, std::min(url.text.find('&', first), url.text.size()))) return true;
  }
  return false;
}

void check_sql_url(const value& url) {
  if (!url.is_scalar(sql_forms)) return;
  const std::string& text = url.node().text;
  const std::string scheme = text.substr(0, text.find("://"));
  check_password(url);
  const auto parsed = parse_sql_url(text);
  if (parsed) {
    if (const auto known = check_sql_options(*parsed); !known) url.report(std::string(known.text()));
    return;
  }
  const std::string near = nearest(scheme, {"sqlite", "mysql"});
  const bool misspelt = !near.empty() && near != scheme;
  std::string found = shown(url.node());
  if (misspelt) found += ": did you mean " + in_quotes(near + "://") + "?";
  const bool known = scheme == "sqlite" || scheme == "mysql";
  url.report((known ? std::string(parsed.text()) : "expected " + std::string(sql_forms)) + ", found " + found);
}

void check_cache_url(const value& url) {
  if (!url.is_scalar("memory:") || url.node().text == "memory:") return;
  const std::string& text = url.node().text;
  check_password(url);
  const auto address = parse_redis_url(text);
  if (address) return;
  const bool is_redis = text.starts_with("redis:") || text.starts_with("redis+unix:") || text.starts_with("rediss:");
  if (is_redis) return url.report(address.text());
  std::string found = shown(url.node());
  const std::string near = nearest(text.substr(0, text.find(':')), {"memory", "redis", "redis+unix"});
  if (!near.empty()) found += ": did you mean " + in_quotes(near + (near == "memory" ? ":" : "://")) + "?";
  url.report("expected memory:, " + std::string(redis_url_forms) + ", found " + found);
}

}  // namespace parley::host
