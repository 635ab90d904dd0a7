// sql and lane: jobs and batches on a pool's connections, each pinned until its last plugin frame has returned.
#include "host/node/services.hpp"
#include "host/plugin/interfaces.hpp"
#include "host/plugin/plugin_frame.hpp"
#include "host/pool/lane.hpp"
#include "host/pool/sql_pool.hpp"
#include "parley/abi/lane.h"
#include "parley/abi/sql.h"

namespace parley::host {

namespace {

struct plugin_job : sql_job {
  pin owner;
  void* plugin_context = nullptr;
  parley_status (*body)(void* context, parley_sql_connection* connection) = nullptr;
  void (*plugin_done)(void* context, parley_status status) = nullptr;
};

parley_status run(parley_generation* self, const parley_sql_job* what) {
  auto& g = on_loop(self, "sql.run");
  if (g.cancelled) return PARLEY_CANCELLED;
  const auto* binding = g.pool(what->pool);
  if (!binding || !binding->sql) {
    g.log().error("asked for the sql pool {}, which its descriptor does not name",
                  printable(what->pool ? what->pool : ""));
    return PARLEY_UNAVAILABLE;
  }
  auto job = std::make_unique<plugin_job>();
  job->mode = what->mode;
  job->queue_entry::owner = &g;
  job->deadline_ms = what->deadline_ms;
  job->context = job.get();
  job->work = [](void* self_context, parley_sql_connection* connection) {
    const auto& own = *static_cast<const plugin_job*>(self_context);
    const worker_frame frame(own.owner);
    return own.body(own.plugin_context, connection);
  };
  job->plugin_context = what->context;
  job->body = what->work;
  job->plugin_done = what->done;
  job->origin = what->origin ? what->origin : "";
  job->done = [](sql_job& raw_job, status outcome) {
    std::unique_ptr<plugin_job> owned(static_cast<plugin_job*>(&raw_job));
    const plugin_frame frame(owned->owner);
    owned->plugin_done(owned->plugin_context, raw(outcome));
  };
  job->owner.take(g, pin_kind::job, what->origin);
  const auto accepted = binding->sql->submit(*job);
  if (accepted == status::ok) job.release();
  return raw(accepted);
}

std::string_view text(const char* statement) {
  return statement ? statement : "";
}

parley_status query(parley_sql_connection* c, const char* statement, const parley_sql_value* parameters,
                    std::size_t count, const char* columns, void* context,
                    void (*row)(void*, const parley_sql_value*)) {
  return sql_connection::of(c).query(text(statement), {parameters, count}, text(columns), context, row);
}
parley_status execute(parley_sql_connection* c, const char* statement, const parley_sql_value* parameters,
                      std::size_t count, std::int64_t* affected, std::int64_t* inserted_id) {
  return sql_connection::of(c).execute(text(statement), {parameters, count}, affected, inserted_id);
}
parley_status insert_rows(parley_sql_connection* c, const char* head, const char* tail, std::size_t columns,
                          const parley_sql_value* parameters, std::size_t rows) {
  return sql_connection::of(c).insert_rows(text(head), text(tail), columns, {parameters, columns * rows}, rows);
}
parley_status begin(parley_sql_connection* c) {
  return sql_connection::of(c).begin();
}
parley_status commit(parley_sql_connection* c) {
  return sql_connection::of(c).commit();
}
parley_status rollback(parley_sql_connection* c) {
  return sql_connection::of(c).rollback();
}
const char* error_text(parley_sql_connection* c) {
  return sql_connection::of(c).error();
}

constexpr parley_sql_1 sql_table{sizeof(parley_sql_1), 0,     run,    query,    execute,
                                 insert_rows,          begin, commit, rollback, error_text};

struct plugin_item {
  pin owner;
  void* item;
  void (*done)(void* item, parley_status status);
};

parley_status enqueue(parley_generation* self, std::uint32_t index, std::uint64_t key, void* item, const char* origin,
                      void (*done)(void*, parley_status)) {
  auto& g = on_loop(self, "lane.enqueue");
  if (auto no = unservable(g)) return no;
  if (index >= g.lanes.size()) {
    g.log().error("enqueued into lane {}, but its descriptor has {}", index, g.lanes.size());
    return PARLEY_UNAVAILABLE;
  }
  auto waiting = std::make_unique<plugin_item>();
  waiting->owner.take(g, pin_kind::lane_item, origin);
  waiting->item = item;
  waiting->done = done;
  lane_item entry;
  entry.generation = &g;
  entry.step = g.crash_entry();
  entry.command = waiting->owner.command;
  entry.plugin = g.instance();
  entry.batch = table_item<parley_lane>(g.descriptor().lanes, index).batch;
  entry.item = item;
  entry.context = waiting.get();
  entry.done = [](void* raw_context, parley_status outcome) {
    std::unique_ptr<plugin_item> owned(static_cast<plugin_item*>(raw_context));
    const plugin_frame frame(owned->owner);
    owned->done(owned->item, outcome);
  };
  entry.key = key;
  entry.origin = origin ? origin : "";
  const auto accepted = g.lanes[index]->enqueue(entry);
  if (accepted == status::ok) waiting.release();
  return raw(accepted);
}

constexpr parley_lane_1 lane_table{sizeof(parley_lane_1), 0, enqueue};

}  // namespace

const void* sql_interface() {
  return &sql_table;
}
const void* lane_interface() {
  return &lane_table;
}

}  // namespace parley::host
