#include "host/node/pools.hpp"

#include "host/base/log.hpp"
#include "host/pool/memory_cache.hpp"

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
    if (config.url != "memory:") {
      errors.push_back(
          {config.at, "cache " + config.name + ": only memory: is built into this version; set PARLEY_CACHE=memory:"});
      continue;
    }
    caches_[config.name] = std::make_unique<memory_cache>(loop_, config.max_bytes);
  }
  for (const auto& config : m.workers) workers_[config.name] = std::make_unique<worker_pool>(loop_, config);
}

void pools::shutdown() {
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
  return *lanes_.emplace_back(std::make_unique<lane>(pool, name, max_batch, max_queue));
}

result<int> pools::migrate(sql_pool& pool, const std::string& plugin, const std::vector<migration>& steps) {
  result<int> outcome{status::unavailable};
  const auto ran = pool.run_blocking([&](sql_connection& connection) {
    outcome = host::migrate(connection, plugin, steps);
    return raw(outcome.code());
  });
  if (ran != status::ok && outcome.text().empty()) return error{ran, pool.trouble()};
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
    out.push_back({{"name", name},
                   {"kind", "cache"},
                   {"entries", s.entries},
                   {"bytes", s.bytes},
                   {"hits", s.hits},
                   {"misses", s.misses},
                   {"evicted", s.evicted}});
  }
  return out;
}

}  // namespace parley::host
