#include "host/pool/backend.hpp"

#include <algorithm>

#include "host/config/scalars.hpp"
#include "host/pool/mysql_backend.hpp"
#include "host/pool/sqlite_backend.hpp"

namespace parley::host {

namespace {

constexpr std::chrono::seconds longest_of_a_trial{2};

result<std::unique_ptr<sql_backend>> make_sqlite(const sql_pool_config& config, const sql_url& url) {
  sqlite_settings settings{url.path, config.lock_timeout, true, config.trial};
  if (const auto found = url.options.find("synchronous"); found != url.options.end()) {
    settings.synchronous_full = found->second == "full";
  }
  return std::unique_ptr<sql_backend>(std::make_unique<sqlite_backend>(std::move(settings)));
}

result<std::unique_ptr<sql_backend>> make_mysql(const sql_pool_config& config, const sql_url& url) {
  mysql_settings settings{url.hosts, url.user, url.password, url.database, url.redacted()};
  settings.lock_timeout = config.lock_timeout;
  settings.commit_timeout = config.deadline.count() ? config.deadline : settings.commit_timeout;
  settings.read_timeout = std::max(settings.read_timeout, config.lock_timeout + settings.connect_timeout);
  for (const auto& [key, value] : url.options) {
    const std::chrono::milliseconds time(*parse_duration(value, {}));
    (key == "connect_timeout" ? settings.connect_timeout : settings.read_timeout) = time;
  }
  if (config.trial) {
    settings.trial = true;
    settings.connect_timeout = std::min<std::chrono::milliseconds>(settings.connect_timeout, longest_of_a_trial);
    settings.read_timeout = std::min<std::chrono::milliseconds>(settings.read_timeout, longest_of_a_trial);
  }
  return std::unique_ptr<sql_backend>(std::make_unique<mysql_backend>(std::move(settings), config.writers));
}

}  // namespace

result<std::unique_ptr<sql_backend>> make_sql_backend(const sql_pool_config& config) {
  auto url = parse_sql_url(config.url);
  if (!url) return url.failure();
  if (auto known = check_sql_options(*url); !known) return known.failure();
  if (url->kind == sql_kind::sqlite) return make_sqlite(config, *url);
  return make_mysql(config, *url);
}

}  // namespace parley::host
