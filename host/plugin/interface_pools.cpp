// cache and worker: like sql, pinned until the last plugin frame has returned.
#include "host/node/services.hpp"
#include "host/plugin/interfaces.hpp"
#include "host/pool/cache_backend.hpp"
#include "host/pool/worker_pool.hpp"
#include "parley/abi/cache.h"
#include "parley/abi/worker.h"

namespace parley::host {

namespace {

// ---- cache ----

struct pending_answer {
  pin owner;
  void* context;
  parley_cache_done done;
};

/// The prefixed key, the backend, and what is pinned while it answers.
struct cache_command {
  generation& g;
  cache_backend* backend = nullptr;
  std::string key;
  std::unique_ptr<pending_answer> pending;
  status verdict = status::ok;

  cache_command(parley_generation* self, const char* pool, parley_bytes plain_key, void* context,
                parley_cache_done when_done, const char* function)
      : g(on_loop(self, function)) {
    verdict = static_cast<status>(unservable(g));
    if (verdict != status::ok) return;
    const auto* binding = g.pool(pool);
    if (binding) backend = binding->cache;
    if (!backend) {
      g.log().error("asked for the cache pool {}, which its descriptor does not name", printable(pool ? pool : ""));
      verdict = status::unavailable;
    } else if (plain_key.size > cache_backend::longest_key) {
      verdict = status::too_large;
    }
    key = g.name() + ":" + std::string(view(plain_key));
    if (!when_done) return;
    pending = std::make_unique<pending_answer>();
    pending->owner.take(g, pin_kind::job, "cache");
    pending->context = context;
    pending->done = when_done;
  }

  parley_cache_done done() const { return pending ? answered : nullptr; }
  parley_status end(status accepted) {
    if (accepted == status::ok) pending.release();
    return raw(accepted);
  }

  static void answered(void* context, parley_status outcome, parley_bytes value, std::int64_t number) {
    std::unique_ptr<pending_answer> owned(static_cast<pending_answer*>(context));
    owned->done(owned->context, outcome, value, number);
  }
};

parley_status get(parley_generation* self, const char* pool, parley_bytes key, void* context, parley_cache_done done) {
  cache_command c(self, pool, key, context, done, "cache.get");
  return c.end(c.verdict != status::ok ? c.verdict : c.backend->get(c.key, c.pending.get(), c.done()));
}
parley_status set(parley_generation* self, const char* pool, parley_bytes key, parley_bytes value, std::uint64_t ttl_ms,
                  void* context, parley_cache_done done) {
  cache_command c(self, pool, key, context, done, "cache.set");
  return c.end(c.verdict != status::ok ? c.verdict
                                       : c.backend->set(c.key, view(value), ttl_ms, c.pending.get(), c.done()));
}
parley_status erase(parley_generation* self, const char* pool, parley_bytes key, void* context,
                    parley_cache_done done) {
  cache_command c(self, pool, key, context, done, "cache.erase");
  return c.end(c.verdict != status::ok ? c.verdict : c.backend->erase(c.key, c.pending.get(), c.done()));
}
parley_status add(parley_generation* self, const char* pool, parley_bytes key, std::int64_t delta, std::uint64_t ttl_ms,
                  void* context, parley_cache_done done) {
  cache_command c(self, pool, key, context, done, "cache.add");
  return c.end(c.verdict != status::ok ? c.verdict : c.backend->add(c.key, delta, ttl_ms, c.pending.get(), c.done()));
}

constexpr parley_cache_1 cache_table{sizeof(parley_cache_1), 0, get, set, erase, add};

// ---- worker ----

struct plugin_work : worker_job {
  pin owner;
  void (*plugin_done)(void* context, parley_status status) = nullptr;
};

worker_pool* workers_of(generation& g, const char* pool) {
  const auto* binding = g.pool(pool);
  if (binding && binding->workers) return binding->workers;
  g.log().error("asked for the worker pool {}, which its descriptor does not name", printable(pool ? pool : ""));
  return nullptr;
}

parley_status run(parley_generation* self, const parley_work* what) {
  auto& g = on_loop(self, "worker.run");
  if (auto no = unservable(g)) return no;
  auto* workers = workers_of(g, what->pool);
  if (!workers) return PARLEY_UNAVAILABLE;
  auto job = std::make_unique<plugin_work>();
  job->deadline_ms = what->deadline_ms;
  job->queue_entry::owner = &g;
  job->context = what->context;
  job->work = what->work;
  job->plugin_done = what->done;
  job->origin = what->origin ? what->origin : "";
  job->done = [](worker_job& raw_job, status outcome) {
    std::unique_ptr<plugin_work> owned(static_cast<plugin_work*>(&raw_job));
    owned->plugin_done(owned->context, raw(outcome));
  };
  job->owner.take(g, pin_kind::job, what->origin);
  const auto accepted = workers->submit(*job);
  if (accepted == status::ok) job.release();
  return raw(accepted);
}

parley_status load(parley_generation* self, const char* pool, parley_work_load* out) {
  auto* workers = workers_of(on_loop(self, "worker.load"), pool);
  if (!workers) return PARLEY_UNAVAILABLE;
  *out = workers->load();
  return PARLEY_OK;
}

constexpr parley_worker_1 worker_table{sizeof(parley_worker_1), 0, run, load};

}  // namespace

const void* cache_interface() {
  return &cache_table;
}
const void* worker_interface() {
  return &worker_table;
}

}  // namespace parley::host
