#include "small_host.hpp"

#include <parley/abi/config.h>
#include <parley/abi/control.h>
#include <parley/abi/event.h>
#include <parley/abi/http.h>
#include <parley/abi/log.h>
#include <parley/abi/metrics.h>
#include <parley/abi/node.h>
#include <parley/abi/timer.h>

#include <cstring>
#include <set>
#include <stdexcept>
#include <string_view>
#include <utility>

extern "C" const parley_plugin_descriptor parley_plugin;

namespace login_test {
namespace {

small_host& of(parley_generation* self) {
  return *static_cast<small_host*>(self->host);
}
std::string text_of(parley_bytes b) {
  return {static_cast<const char*>(b.data), b.size};
}
parley_bytes bytes_of(std::string_view s) {
  return {s.data(), s.size()};
}

template <class Item>
const Item& item_of(const parley_table& table, std::uint32_t i) {
  return *reinterpret_cast<const Item*>(static_cast<const char*>(table.items) + std::size_t{i} * table.stride);
}

}  // namespace

struct host_functions {
  static session* open(parley_generation* self, parley_session_id id) {
    const auto found = of(self).sessions_.find(id);
    return found == of(self).sessions_.end() || !found->second.closed.empty() ? nullptr : &found->second;
  }
  static parley_status push(parley_generation* self, parley_session_id id, std::uint16_t command, parley_bytes body) {
    auto* to = open(self, id);
    if (!to) return PARLEY_CLOSED;
    to->got.push_back({command, text_of(body)});
    return PARLEY_OK;
  }
  static parley_status reply(parley_generation* self, parley_request_id id, std::uint16_t command, parley_bytes body) {
    return push(self, of(self).requests_.at(id - 1).who, command, body);
  }
  static void finish(parley_generation* self, parley_request_id id, parley_status status, parley_bytes, std::uint32_t) {
    of(self).requests_.at(id - 1).verdict = status;
  }
  static void explain(parley_generation*, parley_request_id, parley_bytes, std::uint32_t) {}
  static parley_status authenticate(parley_generation* self, parley_session_id id, const parley_principal* principal,
                                    std::uint32_t level) {
    auto* who = open(self, id);
    if (!who) return PARLEY_CLOSED;
    if (who->principal.id) return PARLEY_CONFLICT;
    who->principal = *principal;
    who->level = level;
    of(self).logins_.push_back(id);
    return PARLEY_OK;
  }
  static parley_status close(parley_generation* self, parley_session_id id, const char* reason) {
    auto* who = open(self, id);
    if (!who) return PARLEY_CLOSED;
    who->closed = reason;
    return PARLEY_OK;
  }
  static std::uint32_t terminals(parley_generation* self, std::uint64_t user, parley_terminal* out,
                                 std::uint32_t capacity) {
    std::uint32_t count = 0;
    for (const auto id : of(self).logins_) {
      const auto* who = open(self, id);
      if (!who || who->principal.id != user) continue;
      if (count < capacity) out[count] = {id, who->principal.tag, who->level};
      ++count;
    }
    return count;
  }

  static std::uint32_t online(parley_generation* self, std::uint64_t* out, std::uint32_t capacity) {
    std::set<std::uint64_t> users;
    for (const auto id : of(self).logins_) {
      if (const auto* who = open(self, id)) users.insert(who->principal.id);
    }
    std::uint32_t count = 0;
    for (const auto user : users) {
      if (count < capacity) out[count] = user;
      ++count;
    }
    return count;
  }
  static parley_status set_slot(parley_generation* self, parley_session_id id, std::uint32_t version,
                                parley_bytes bytes) {
    auto* who = open(self, id);
    if (!who) return PARLEY_CLOSED;
    who->slot = {version, text_of(bytes)};
    return PARLEY_OK;
  }
  static parley_status get_slot(parley_generation* self, parley_session_id id, std::uint32_t* version,
                                parley_bytes* bytes) {
    auto* who = open(self, id);
    if (!who) return PARLEY_CLOSED;
    if (who->slot.second.empty()) return PARLEY_NO_TARGET;
    *version = who->slot.first;
    *bytes = bytes_of(who->slot.second);
    return PARLEY_OK;
  }

  static parley_status run_sql(parley_generation* self, const parley_sql_job* raw) {
    auto& host = of(self);
    if (host.sql_verdict != PARLEY_OK) return host.sql_verdict;
    ++host.sql_jobs;
    host.ready_.push_back([&host, job = *raw] {
      const auto s = job.work(job.context, host.db.connection());
      host.ready_.push_back([job, s] { job.done(job.context, s); });
    });
    return PARLEY_OK;
  }
  static parley_status run_work(parley_generation* self, const parley_work* raw) {
    auto& host = of(self);
    ++host.worker_jobs;
    (host.stalling_ ? host.stalled_ : host.ready_).push_back([&host, job = *raw] {
      const auto s = job.work(job.context);
      host.ready_.push_back([job, s] { job.done(job.context, s); });
    });
    return PARLEY_OK;
  }
  static parley_status load(parley_generation* self, const char*, parley_work_load* out) {
    *out = {sizeof *out, 2, of(self).workers_queued, 0, 1000, 0};
    return PARLEY_OK;
  }

  static parley_timer_id start_timer(parley_generation* self, std::uint64_t delay, std::uint64_t repeat, const char*,
                                     void* context, void (*fire)(void*)) {
    auto& host = of(self);
    host.timers_[++host.last_timer_] = {host.now_ms_ + delay, repeat, context, fire};
    return host.last_timer_;
  }
  static void stop_timer(parley_generation* self, parley_timer_id id) { of(self).timers_.erase(id); }

  static parley_status publish(parley_generation* self, const char* name, parley_bytes) {
    of(self).told.push_back(name);
    return PARLEY_OK;
  }
  static std::int32_t heard(parley_generation*, const char*) { return 1; }

  static parley_status answer(parley_generation* self, parley_verb_id, parley_status code, parley_bytes text) {
    of(self).verb_.code = code;
    of(self).verb_.text = text_of(text);
    return PARLEY_OK;
  }
  static parley_status progress(parley_generation* self, parley_verb_id, parley_bytes text) {
    of(self).verb_.progress.push_back(text_of(text));
    return PARLEY_OK;
  }
  static parley_status respond(parley_generation* self, parley_exchange_id, std::uint32_t, const parley_http_header*,
                               std::size_t, parley_bytes body) {
    of(self).http_ = text_of(body);
    return PARLEY_OK;
  }
  static parley_status least_loaded(parley_generation* self, parley_bytes, parley_endpoint* out) {
    out->address = out->backup_address = bytes_of("192.0.2.1");
    out->port = 8000;
    return of(self).node_verdict;
  }

  static const std::string& value(parley_generation* self, std::string_view name) {
    auto& keys = of(self).keys_;
    if (const auto found = keys.find(std::string(name)); found != keys.end()) return found->second;
    for (std::uint32_t i = 0; i < parley_plugin.config.count; ++i) {
      const auto& key = item_of<parley_config_key>(parley_plugin.config, i);
      if (key.name == name) return keys[key.name] = key.default_value;
    }
    throw std::runtime_error("undeclared key");
  }
  static parley_bytes config_text(parley_generation* self, const char* key) { return bytes_of(value(self, key)); }
  static std::int64_t config_number(parley_generation* self, const char* key) {
    const std::string& text = value(self, key);
    if (text == "true" || text == "false") return text == "true";
    return std::stoll(text) * (text.ends_with("KiB") ? 1024
                               : text.back() == 'm'  ? 60'000
                               : text.back() == 's'  ? 1000
                                                     : 1);
  }

  static void log(parley_generation*, std::uint32_t, parley_session_id, parley_bytes) {}
  static std::int32_t log_enabled(parley_generation*, std::uint32_t) { return 0; }
  static std::uint32_t define(parley_generation*, std::uint32_t, const char*, const char*) { return 0; }
  static void add(parley_generation*, std::uint32_t, std::int64_t) {}
  static std::uint64_t now_ms(parley_generation* self) { return of(self).now_ms_; }
  static void post(parley_generation* self, void (*fn)(void*), void* context) {
    of(self).ready_.push_back([fn, context] { fn(context); });
  }

  static const void* get_interface(parley_generation*, const char* id) {
    static std::uint64_t nothing[64]{sizeof nothing};
    static parley_session_1 session_table{};
    static parley_sql_1 sql = plugin_test::database::functions();
    static const parley_worker_1 worker{sizeof worker, 0, run_work, load};
    static const parley_timer_1 timer{sizeof timer, 0, start_timer, stop_timer};
    static const parley_event_1 event{sizeof event, 0, publish, heard};
    static const parley_control_1 control{sizeof control, 0, answer, progress};
    static const parley_http_1 http{sizeof http, 0, respond};
    static const parley_node_1 node{sizeof node, 0, least_loaded};
    static const parley_config_1 config{sizeof config, 0, config_text, config_number};
    static const parley_log_1 log_table{sizeof log_table, 0, log, log_enabled};
    static const parley_metrics_1 metrics{sizeof metrics, 0, define, add};
    session_table.size = sizeof session_table;
    session_table.reply = reply;
    session_table.finish = finish;
    session_table.explain = explain;
    session_table.push = push;
    session_table.authenticate = authenticate;
    session_table.close = close;
    session_table.terminals = terminals;
    session_table.online = online;
    session_table.set_slot = set_slot;
    session_table.get_slot = get_slot;
    sql.run = run_sql;
    const std::map<std::string_view, const void*> all{{PARLEY_SESSION_1, &session_table},
                                                      {PARLEY_SQL_1, &sql},
                                                      {PARLEY_WORKER_1, &worker},
                                                      {PARLEY_TIMER_1, &timer},
                                                      {PARLEY_EVENT_1, &event},
                                                      {PARLEY_CONTROL_1, &control},
                                                      {PARLEY_HTTP_1, &http},
                                                      {PARLEY_NODE_1, &node},
                                                      {PARLEY_CONFIG_1, &config},
                                                      {PARLEY_LOG_1, &log_table},
                                                      {PARLEY_METRICS_1, &metrics}};
    const auto found = all.find(id);
    return found == all.end() ? nothing : found->second;
  }
};

static constexpr parley_host host_table{sizeof(parley_host),           PARLEY_ABI_MAJOR,       PARLEY_ABI_MINOR,
                                        host_functions::get_interface, host_functions::now_ms, host_functions::now_ms,
                                        host_functions::post};

small_host::small_host(std::map<std::string, std::string> keys) : keys_(std::move(keys)) {
  keys_.emplace("password_cost", "low");
  for (std::uint32_t i = 0; i < parley_plugin.migrations.count; ++i) {
    db.migrate(item_of<parley_migration>(parley_plugin.migrations, i).statements);
  }
  if (parley_plugin.create(&generation_, &host_table, &plugin_) != PARLEY_OK)
    throw std::runtime_error("create() failed");
}

small_host::~small_host() {
  stall_workers(false);
  run();
  parley_plugin.destroy(plugin_);
}

std::string small_host::saved() {
  std::string out;
  const auto sink = [](void* context, parley_bytes part) {
    static_cast<std::string*>(context)->append(static_cast<const char*>(part.data), part.size);
  };
  if (parley_plugin.save(plugin_, &out, sink) != PARLEY_OK) throw std::runtime_error("save() failed");
  return out;
}

parley_status small_host::reload(std::uint32_t version, const std::string& state) {
  void* fresh = nullptr;
  if (parley_plugin.create(&generation_, &host_table, &fresh) != PARLEY_OK) throw std::runtime_error("create() failed");
  const auto restored = parley_plugin.restore(fresh, version, bytes_of(state));
  if (restored == PARLEY_OK) std::swap(plugin_, fresh);
  parley_plugin.destroy(fresh);
  return restored;
}

parley_session_id small_host::connect(const std::string& peer) {
  const parley_session_id id = sessions_.size() + 1;
  sessions_[id].peer = peer;
  return id;
}

std::size_t small_host::start(parley_session_id who, std::uint16_t command, const std::string& body) {
  for (std::uint32_t i = 0; i < parley_plugin.commands.count; ++i) {
    const auto& entry = item_of<parley_command>(parley_plugin.commands, i);
    if (entry.id != command) continue;
    requests_.push_back({who, PARLEY_PENDING});
    const std::size_t number = requests_.size() - 1;
    const std::string peer = sessions_.at(who).peer;  // gone when the handler has returned
    parley_request raw{};
    raw.size = sizeof raw;
    raw.command = command;
    raw.seq = 7;
    raw.id = number + 1;
    raw.session = who;
    raw.principal = sessions_.at(who).principal;
    raw.level = sessions_.at(who).level;
    raw.body = bytes_of(body);
    raw.peer = bytes_of(peer);
    const auto now = entry.handle(plugin_, &raw);
    if (now != PARLEY_PENDING) requests_[number].verdict = now;
    return number;
  }
  throw std::runtime_error("nobody serves this command");
}

parley_status small_host::serve(parley_session_id who, std::uint16_t command, const std::string& body) {
  const auto number = start(who, command, body);
  run();
  return verdict(number);
}

verb_end small_host::verb(const std::string& name, const std::vector<const char*>& values) {
  for (std::uint32_t i = 0; i < parley_plugin.verbs.count; ++i) {
    const auto& entry = item_of<parley_verb>(parley_plugin.verbs, i);
    if (entry.name != name) continue;
    std::vector<parley_bytes> raw(entry.args.count, parley_bytes{nullptr, 0});
    for (std::size_t v = 0; v < values.size(); ++v) {
      if (values[v]) raw.at(v) = bytes_of(values[v]);
    }
    verb_ = {};
    const parley_verb_call call{sizeof call, static_cast<std::uint32_t>(raw.size()), 1, raw.data()};
    entry.handle(plugin_, &call);
    run();
    return verb_;
  }
  throw std::runtime_error("no such verb");
}

std::string small_host::get(const std::string& path, const std::string& host_header) {
  const parley_http_header header{bytes_of("host"), bytes_of(host_header)};
  parley_http_request raw{};
  raw.size = sizeof raw;
  raw.path = bytes_of(path);
  raw.header_count = 1;
  raw.headers = &header;
  item_of<parley_route>(parley_plugin.routes, 0).handle(plugin_, &raw);
  return http_;
}

void small_host::run() {
  while (!ready_.empty()) {
    const auto next = std::move(ready_.front());
    ready_.pop_front();
    next();
  }
}

void small_host::pass(std::uint64_t ms) {
  now_ms_ += ms;
  std::vector<parley_timer_id> due;
  for (const auto& [id, t] : timers_) {
    if (t.at <= now_ms_) due.push_back(id);
  }
  for (const auto id : due) {
    const auto found = timers_.find(id);
    if (found == timers_.end()) continue;
    const timer t = found->second;
    if (t.repeat)
      found->second.at = now_ms_ + t.repeat;
    else
      timers_.erase(found);
    t.fire(t.context);
  }
  run();
}

void small_host::stall_workers(bool yes) {
  stalling_ = yes;
  if (yes) return;
  for (auto& job : stalled_) ready_.push_back(std::move(job));
  stalled_.clear();
}

}  // namespace login_test
