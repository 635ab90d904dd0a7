#include "host/config/manifest_parts.hpp"
#include "host/config/pool_url.hpp"
#include "host/config/words.hpp"

namespace parley::host {

namespace {

constexpr std::int64_t longest_wait = 86'400'000;  // a day
constexpr bounds queue_bounds{1, 10'000'000};
constexpr bounds thread_bounds{1, 256};

const std::vector<std::string> sql_keys = {"url",      "readers",      "writers",   "queue",
                                           "deadline", "lock_timeout", "max_batch", "group_commit"};
const std::vector<std::string> cache_keys = {"url", "max_bytes", "connect_timeout", "command_timeout", "queue"};
const std::vector<std::string> worker_keys = {"threads", "queue"};

void read_sql(fields& pool, sql_pool_config& out) {
  pool.require("url", "sqlite://PATH or mysql://USER:PASSWORD@HOST:PORT,HOST:PORT/DATABASE");
  if (const yaml_entry* url = pool.find("url")) {
    check_sql_url(pool.value_of(*url));
    out.url = url->value.text;
  }
  pool.number("readers", out.readers, thread_bounds);
  pool.number("writers", out.writers, {1, 64});
  pool.number("queue", out.queue, queue_bounds);
  pool.duration("deadline", out.deadline, {1, longest_wait});
  pool.duration("lock_timeout", out.lock_timeout, {0, longest_wait});
  pool.number("max_batch", out.max_batch, {0, 100'000});

  bool group_commit = true;
  pool.boolean("group_commit", group_commit);
  if (group_commit) return;
  if (out.max_batch > 1) pool.report_at("max_batch", "has no meaning with group_commit off: remove one of them");
  out.max_batch = 1;
}

void read_cache(fields& pool, cache_pool_config& out) {
  if (const yaml_entry* url = pool.find("url")) {
    check_cache_url(pool.value_of(*url));
    out.url = url->value.text;
  }
  pool.size("max_bytes", out.max_bytes, {1 << 16, std::int64_t{1} << 40});
  pool.duration("connect_timeout", out.connect_timeout, {1, longest_wait});
  pool.duration("command_timeout", out.command_timeout, {1, longest_wait});
  pool.number("queue", out.queue, queue_bounds);
}

void read_workers(fields& pool, worker_pool_config& out) {
  pool.number("threads", out.threads, thread_bounds);
  pool.number("queue", out.queue, queue_bounds);
}

template <class Pool>
Pool& added(std::vector<Pool>& pools, const yaml_entry& entry, const mark& at) {
  Pool& pool = pools.emplace_back();
  pool.at = at;
  pool.name = entry.key;
  return pool;
}

/// Keys of the other kinds, named as theirs.
void refuse_keys_of_others(fields& pool, const std::string& kind) {
  if (kind != "sql") pool.foreign(sql_keys, "pools of kind sql");
  if (kind != "workers") pool.foreign(worker_keys, "pools of kind workers");
  if (kind != "cache") pool.foreign(cache_keys, "pools of kind cache");
}

}  // namespace

void read_pools(reading& r, fields& top, manifest& out) {
  top.entries("pools", [&](const yaml_entry& entry, const value& item) {
    if (!is_identifier(entry.key)) {
      r.report(entry.at, "pools: expected a name of a-z, 0-9 and _, found " + in_quotes(entry.key));
    }
    if (!is_map(r, item.node(), item.path())) return out.unread_pools.push_back(entry.key);
    fields pool(r, item.node(), item.path());
    const mark at = r.at(entry.at);
    std::string kind;
    pool.require("kind", "sql, cache or workers");
    pool.choice("kind", kind, {"sql", "cache", "workers"});
    if (kind.empty()) return out.unread_pools.push_back(entry.key);
    if (kind == "sql") read_sql(pool, added(out.sql, entry, at));
    if (kind == "cache") read_cache(pool, added(out.caches, entry, at));
    if (kind == "workers") read_workers(pool, added(out.workers, entry, at));
    refuse_keys_of_others(pool, kind);
    pool.finish();
  });
}

}  // namespace parley::host
