#include "host/pool/backend.hpp"

#include "host/pool/sqlite_backend.hpp"

namespace parley::host {

namespace {

result<std::unique_ptr<sql_backend>> make_sqlite(const sql_pool_config& config, const sql_url& url) {
  sqlite_settings settings{url.path, config.lock_timeout, true};
  for (const auto& [key, value] : url.options) {
    if (key != "synchronous" || (value != "full" && value != "normal")) {
      return error{status::malformed,
                   "unknown option " + key + "=" + value + "; expected synchronous=full or synchronous=normal"};
    }
    settings.synchronous_full = value == "full";
  }
  return std::unique_ptr<sql_backend>(std::make_unique<sqlite_backend>(std::move(settings)));
}

}  // namespace

result<std::unique_ptr<sql_backend>> make_sql_backend(const sql_pool_config& config) {
  auto url = parse_sql_url(config.url);
  if (!url) return url.failure();
  if (url->kind == sql_kind::sqlite) return make_sqlite(config, *url);
  return error{status::unavailable, url->redacted() + ": this host has no mysql backend"};
}

}  // namespace parley::host
