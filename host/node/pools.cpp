#include "host/node/pools.hpp"

#include "host/base/log.hpp"
#include "host/pool/memory_cache.hpp"
#include "host/redis/redis_cache.hpp"

namespace parley::host {

using json = nlohmann::ordered_json;

namespace {

void to_log(log_level level, const std::string& text) {
  auto l = log_of("pool");
  if (level == log_level::info)
    l->info("{}", printable(text));
  else if (level == log_level::warn)
    l->warn("{}", printable(text));
  else
    l->error("{}", printable(text));
}

std::uint64_t mean(const histogram& h) {
  return h.count() ? h.sum() / h.count() : 0;
}

redis_limits limits_of(const cache_pool_config& config) {
  return {static_cast<std::uint64_t>(config.connect_timeout.count()),
          static_cast<std::uint64_t>(config.command_timeout.count()), config.queue};
}

json crew_row(const std::string& name, const char* kind, const sql_crew& crew) {
  const auto& s = crew.stats();
  return {{"name", name},
          {"kind", kind},
          {"threads", crew.threads()},
          {"queued", crew.queued()},
          {"running", s.running.load()},
          {"done", s.done.load()},
          {"errors", s.errors.load()},
          {"busy", s.busy.load()},
          {"unavailable", s.unavailable.load()},
          {"expired", s.expired.load()},
          {"wait_us", mean(s.wait_us)},
          {"run_us", mean(s.run_us)},
          {"state", std::string(to_string(crew.state()))}};
}

}  // namespace

void pools::open(const manifest& m, std::vector<diagnostic>& errors) {
  for (const auto& config : m.sql) {
    auto pool = std::make_unique<sql_pool>(loop_, config, to_log);
    if (auto opened = pool->open(); !opened) errors.push_back({config.at, opened.text()});
    sql_[config.name] = std::move(pool);
  }
  for (const auto& config : m.caches) {
    if (config.url == "memory:") {
      caches_[config.name] = std::make_unique<memory_cache>(loop_, config.max_bytes);
    } else if (auto where = parse_redis_url(config.url); where) {
      auto cache = std::make_unique<redis_cache>(loop_, config.name, *where, limits_of(config));
      redis_.push_back(&cache->link());
      caches_[config.name] = std::move(cache);
    } else {
      errors.push_back({config.at, "cache " + config.name + ": " + where.text()});
    }
  }
  for (const auto& config : m.workers) workers_[config.name] = std::make_unique<worker_pool>(loop_, config);
}

void pools::shutdown() {
  for (auto& [name, cache] : caches_) cache->shutdown();
  for (auto& [name, pool] : workers_) pool->shutdown(false);
  for (auto& [name, pool] : sql_) pool->shutdown(false);
}

pool_binding pools::find(const std::string& name) {
  pool_binding out;
  out.target = name;
  if (auto found = sql_.find(name); found != sql_.end()) out.sql = found->second.get();
  if (auto found = caches_.find(name); found != caches_.end()) out.cache = found->second.get();
  if (auto found = workers_.find(name); found != workers_.end()) out.workers = found->second.get();
  return out;
}

lane& pools::make_lane(sql_pool& pool, const std::string& name, std::uint32_t max_batch, std::uint32_t max_queue) {
  for (auto& l : lanes_) {
    if (&l->pool() != &pool || l->name() != name) continue;
    l->resize(max_batch, max_queue);
    return *l;
  }
  return *lanes_.emplace_back(std::make_unique<lane>(pool, name, max_batch, max_queue));
}

void pools::cancel(const generation& g) {
  for (auto& l : lanes_) l->cancel(&g);
  for (auto& [name, pool] : sql_) pool->cancel(&g);
  for (auto& [name, pool] : workers_) pool->cancel(&g);
}

void pools::watch(grace_period& period) const {
  for (const auto& [name, pool] : sql_) pool->watch(period);
  for (const auto& [name, pool] : workers_) pool->watch(period);
}

result<int> pools::migrate(sql_pool& pool, const std::string& plugin, const std::vector<migration>& steps) {
  result<int> outcome{status::unavailable};
  std::uint64_t newest = 0, known = 0;
  for (const auto& step : steps) known = std::max<std::uint64_t>(known, step.number);
  const auto ran = pool.run_blocking([&](sql_connection& connection) {
    if (const auto whole = refuse_half_a_copy(connection); !whole) {
      outcome = whole.failure();
    } else {
      outcome = host::migrate(connection, plugin, steps, &newest);
    }
    return raw(outcome.code());
  });
  if (ran != status::ok && outcome.text().empty()) return error{ran, pool.trouble()};
  if (newest > known) {
    to_log(log_level::warn, "sql pool " + pool.config().name + ": a newer version of plugin " + plugin +
                                " has changed this database (migration " + std::to_string(newest) +
                                ", this one knows " + std::to_string(known) +
                                "): it goes on with what it knows; upgrade it on this node, too");
  }
  return outcome;
}

bool pools::durable() const {
  for (const auto& [name, pool] : sql_) {
    if (!pool->durable()) return false;
  }
  return true;
}

std::string pools::durability() const {
  std::string out;
  for (const auto& [name, pool] : sql_) out += (out.empty() ? "" : "; ") + name + ": " + pool->durability_text();
  return out;
}

std::string pools::degraded() const {
  std::string out = sql_trouble();
  for (const auto& [name, cache] : caches_) {
    if (const auto why = cache->trouble(); !why.empty()) out += (out.empty() ? "" : "; ") + name + ": " + why;
  }
  return out;
}

std::string pools::sql_trouble() const {
  std::string out;
  for (const auto& [name, pool] : sql_) {
    for (auto mode : {PARLEY_SQL_WRITE, PARLEY_SQL_READ}) {
      if (pool->state(mode) == status::ok) continue;
      out += (out.empty() ? "" : "; ") + name + ": " + pool->trouble();
      break;
    }
  }
  return out;
}

void pools::show(const show_number& one) const {
  for (const auto& row : to_json()) {
    const auto labels =
        "pool=\"" + row["name"].get<std::string>() + "\",kind=\"" + row["kind"].get<std::string>() + "\"";
    for (const auto& [key, value] : row.items()) {
      if (value.is_number_unsigned())
        one(("parley_pool_" + key).c_str(), labels, "as parleyctl pools shows it", value.get<std::uint64_t>());
    }
  }
}

json pools::to_json() const {
  json out = json::array();
  for (const auto& [name, pool] : sql_) {
    out.push_back(crew_row(name, "sql writers", pool->writers()));
    out.push_back(crew_row(name, "sql readers", pool->readers()));
  }
  for (const auto& l : lanes_) {
    const auto& s = l->stats();
    out.push_back({{"name", l->name()},
                   {"kind", "lane"},
                   {"queued", l->queued()},
                   {"done", s.items.load()},
                   {"errors", s.errors.load()},
                   {"busy", s.busy.load()},
                   {"expired", s.expired.load()},
                   {"batches", s.batch_sizes.count()},
                   {"mean_batch", mean(s.batch_sizes)}});
  }
  for (const auto& [name, pool] : workers_) {
    const auto load = pool->load();
    const auto& s = pool->stats();
    out.push_back({{"name", name},
                   {"kind", "workers"},
                   {"threads", load.threads},
                   {"queued", load.queued},
                   {"running", load.running},
                   {"done", s.done.load()},
                   {"errors", s.errors.load()},
                   {"busy", s.busy.load()},
                   {"expired", s.expired.load()},
                   {"wait_us", mean(s.wait_us)},
                   {"run_us", mean(s.run_us)}});
  }
  for (const auto& [name, cache] : caches_) {
    const auto s = cache->stats();
    auto& row = out.emplace_back(json{{"name", name}, {"kind", "cache"}, {"hits", s.hits}, {"misses", s.misses}});
    if (s.elsewhere) {
      row.update({{"queued", s.queued},
                  {"busy", s.busy},
                  {"timeouts", s.timeouts},
                  {"dropped", s.dropped},
                  {"renewals", s.renewals},
                  {"reconnects", s.reconnects},
                  {"round_trip_us", s.round_trip_us},
                  {"away", cache->trouble().empty() ? 0u : 1u}});
    } else {
      row.update({{"entries", s.entries}, {"bytes", s.bytes}, {"evicted", s.evicted}});
    }
    row.update({{"state", cache->state()}, {"place", cache->place()}});
  }
  return out;
}

}  // namespace parley::host
