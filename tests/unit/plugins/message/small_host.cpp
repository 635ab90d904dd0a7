#include "small_host.hpp"

#include <parley/abi/config.h>
#include <parley/abi/control.h>
#include <parley/abi/event.h>
#include <parley/abi/log.h>
#include <parley/abi/node.h>
#include <parley/abi/timer.h>

#include <algorithm>
#include <stdexcept>
#include <string_view>

extern "C" const parley_plugin_descriptor parley_plugin;

namespace message_test {
namespace {

small_host& of(parley_generation* self) {
  return *static_cast<small_host*>(self->host);
}
std::string text_of(parley_bytes b) {
  return {static_cast<const char*>(b.data), b.size};
}

template <class Item>
const Item& item_of(const parley_table& table, std::uint32_t i) {
  return *reinterpret_cast<const Item*>(static_cast<const char*>(table.items) + std::size_t{i} * table.stride);
}

}  // namespace

struct host_functions {
  static parley_status reply(parley_generation* self, parley_request_id id, std::uint16_t command, parley_bytes body) {
    of(self).requests_.at(id - 1).replies.push_back({command, text_of(body)});
    ++of(self).reply_count_;
    return PARLEY_OK;
  }
  static void finish(parley_generation* self, parley_request_id id, parley_status status, parley_bytes, std::uint32_t) {
    of(self).requests_.at(id - 1).verdict = status;
  }
  static void explain(parley_generation* self, parley_request_id id, parley_bytes text, std::uint32_t) {
    of(self).requests_.at(id - 1).explanation = text_of(text);
  }
  static parley_status push_principal(parley_generation* self, std::uint64_t user, const parley_selector* which,
                                      std::uint16_t command, parley_bytes body) {
    of(self).pushes_.push_back({user, command, text_of(body), *which, of(self).reply_count_});
    return PARLEY_OK;
  }
  static parley_status push_principals(parley_generation* self, const std::uint64_t* users, std::size_t count,
                                       const parley_selector* which, std::uint16_t command, parley_bytes body) {
    for (std::size_t i = 0; i < count; ++i) push_principal(self, users[i], which, command, body);
    return PARLEY_OK;
  }
  static std::uint32_t terminals(parley_generation* self, std::uint64_t user, parley_terminal* out,
                                 std::uint32_t capacity) {
    std::uint32_t count = 0;
    for (const auto& one : of(self).online) {
      if (one.id != user) continue;
      if (count < capacity) out[count] = {one.session, 1, one.level};
      ++count;
    }
    return count;
  }
  static parley_timer_id start_timer(parley_generation* self, std::uint64_t delay, std::uint64_t repeat, const char*,
                                     void* context, void (*fire)(void*)) {
    auto& host = of(self);
    host.timers_[++host.last_timer_] = {host.now_ms + delay, repeat, context, fire};
    return host.last_timer_;
  }
  static void stop_timer(parley_generation* self, parley_timer_id id) { of(self).timers_.erase(id); }
  static void post(parley_generation* self, void (*fn)(void*), void* context) {
    of(self).posted_.push_back([fn, context] { fn(context); });
  }
  static parley_bytes directory(parley_generation*) {
    static constexpr std::string_view somewhere = "/nowhere";
    return {somewhere.data(), somewhere.size()};
  }
  static parley_status answer(parley_generation* self, parley_verb_id, parley_status code, parley_bytes text) {
    of(self).verb_ = {code, text_of(text)};
    return PARLEY_OK;
  }
  static parley_status progress(parley_generation*, parley_verb_id, parley_bytes) { return PARLEY_OK; }
  static parley_status run_job(parley_generation* self, const parley_sql_job* job) {
    of(self).jobs_.push_back(*job);
    return PARLEY_OK;
  }
  static parley_status enqueue(parley_generation* self, std::uint32_t lane, std::uint64_t, void* item, const char*,
                               void (*done)(void*, parley_status)) {
    if (of(self).enqueue_verdict == PARLEY_OK) of(self).lanes_[lane].push_back({item, done});
    return of(self).enqueue_verdict;
  }
  static parley_status publish(parley_generation* self, const char*, parley_bytes body) {
    of(self).told.push_back(text_of(body));
    return PARLEY_OK;
  }
  static std::int32_t heard(parley_generation* self, const char*) { return of(self).listening; }
  static parley_bytes config_text(parley_generation*, const char* key) {
    const auto& declared = config_key(key);
    return {declared.default_value, std::string_view(declared.default_value).size()};
  }
  static std::int64_t config_number(parley_generation*, const char* key) {
    const auto& declared = config_key(key);
    const bool kib = declared.type == PARLEY_CONFIG_SIZE;
    return std::stoll(declared.default_value) * (kib ? 1024 : 1);
  }
  static const parley_config_key& config_key(std::string_view name) {
    for (std::uint32_t i = 0; i < parley_plugin.config.count; ++i) {
      const auto& key = item_of<parley_config_key>(parley_plugin.config, i);
      if (key.name == name) return key;
    }
    throw std::runtime_error("undeclared key");
  }
  static void log(parley_generation*, std::uint32_t, parley_session_id, parley_bytes) {}
  static std::int32_t log_enabled(parley_generation*, std::uint32_t) { return 0; }

  static const void* get_interface(parley_generation*, const char* id) {
    static parley_session_1 session{};
    static parley_sql_1 sql = plugin_test::database::functions();
    static parley_lane_1 lane{};
    static parley_event_1 event{};
    static parley_config_1 config{};
    static parley_log_1 log_table{};
    static const parley_timer_1 timer{sizeof timer, 0, start_timer, stop_timer};
    static const parley_control_1 control{sizeof control, 0, host_functions::answer, progress};
    static parley_node_1 node{};
    node.size = sizeof node;
    node.directory = directory;
    session.terminals = terminals;
    static std::uint64_t nothing[64]{sizeof nothing};
    session.size = sizeof session;
    session.reply = reply;
    session.finish = finish;
    session.explain = explain;
    session.push_principal = push_principal;
    session.push_principals = push_principals;
    sql.run = run_job;
    lane.size = sizeof lane;
    lane.enqueue = enqueue;
    event = {sizeof event, 0, publish, heard};
    config = {sizeof config, 0, config_text, config_number};
    log_table = {sizeof log_table, 0, log, log_enabled};
    const std::map<std::string_view, const void*> all{
        {PARLEY_SESSION_1, &session}, {PARLEY_SQL_1, &sql},         {PARLEY_LANE_1, &lane},
        {PARLEY_EVENT_1, &event},     {PARLEY_CONFIG_1, &config},   {PARLEY_LOG_1, &log_table},
        {PARLEY_TIMER_1, &timer},     {PARLEY_CONTROL_1, &control}, {PARLEY_NODE_1, &node}};
    const auto found = all.find(id);
    return found == all.end() ? nothing : found->second;
  }
  static std::uint64_t now_ms(parley_generation* self) { return of(self).now_ms; }
};

namespace {

constexpr parley_host host_table{sizeof(parley_host),           PARLEY_ABI_MAJOR,       PARLEY_ABI_MINOR,
                                 host_functions::get_interface, host_functions::now_ms, host_functions::now_ms,
                                 host_functions::post};

}  // namespace

small_host::small_host() {
  db_.migrate(
      "CREATE TABLE IMUser(id {id}, name {text:32}, nick {text:32} NOT NULL DEFAULT '', departId {u32} NOT NULL "
      "DEFAULT "
      "0, status {u8} NOT NULL DEFAULT 0, created {u32} NOT NULL DEFAULT 0, updated {u32} NOT NULL DEFAULT 0)");
  db_.migrate("CREATE TABLE user_name_lock(id {u32} NOT NULL PRIMARY KEY)");
  db_.run("INSERT INTO user_name_lock(id) VALUES (1)");
  db_.migrate("CREATE TABLE block(user_id {u32}, peer_id {u32}, PRIMARY KEY (user_id, peer_id))");
  for (std::uint32_t i = 0; i < parley_plugin.migrations.count; ++i) {
    db_.migrate(item_of<parley_migration>(parley_plugin.migrations, i).statements);
  }
  if (parley_plugin.create(&generation_, &host_table, &plugin_) != PARLEY_OK)
    throw std::runtime_error("create() failed");
}

small_host::~small_host() {
  run();
  parley_plugin.destroy(plugin_);
}

std::size_t small_host::start_bytes(const user& who, std::uint16_t command, const std::string& body) {
  for (std::uint32_t i = 0; i < parley_plugin.commands.count; ++i) {
    const auto& entry = item_of<parley_command>(parley_plugin.commands, i);
    if (entry.id != command) continue;
    requests_.push_back({who, PARLEY_PENDING, {}, {}});
    parley_request raw{};
    raw.size = sizeof raw;
    raw.command = command;
    raw.seq = 7;
    raw.id = requests_.size();
    raw.session = who.session;
    raw.principal = {who.id, 1, PARLEY_TERMINAL};
    raw.level = who.level;
    raw.body = {body.data(), body.size()};
    const auto at = newest();
    const auto now = entry.handle(plugin_, &raw);
    if (now != PARLEY_PENDING) requests_[at].verdict = now;
    return at;
  }
  throw std::runtime_error("nobody serves this command");
}

void small_host::run() {
  while (run_lanes() || run_jobs() || run_posted()) {
  }
}

bool small_host::run_posted() {
  const auto all = std::exchange(posted_, {});
  for (const auto& one : all) one();
  return !all.empty();
}

void small_host::pass(std::uint64_t ms) {
  now_ms += ms;
  for (auto at = timers_.begin(); at != timers_.end();) {
    const auto id = (at++)->first;
    auto& one = timers_.at(id);
    if (one.at > now_ms) continue;
    const auto due = one;
    one.at = now_ms + one.repeat;
    due.fire(due.context);
    at = timers_.upper_bound(id);
  }
  run();
}

verb_end small_host::verb(const std::string& name, const std::vector<const char*>& values) {
  for (std::uint32_t i = 0; i < parley_plugin.verbs.count; ++i) {
    const auto& entry = item_of<parley_verb>(parley_plugin.verbs, i);
    if (entry.name != name) continue;
    std::vector<parley_bytes> raw(entry.args.count, parley_bytes{nullptr, 0});
    for (std::size_t v = 0; v < values.size(); ++v) {
      if (values[v]) raw.at(v) = {values[v], std::string_view(values[v]).size()};
    }
    verb_ = {};
    const parley_verb_call call{sizeof call, static_cast<std::uint32_t>(raw.size()), 1, raw.data()};
    entry.handle(plugin_, &call);
    run();
    return verb_;
  }
  throw std::runtime_error("no such verb");
}

std::string small_host::saved() {
  std::string out;
  const auto sink = [](void* context, parley_bytes part) { *static_cast<std::string*>(context) += text_of(part); };
  if (parley_plugin.save(plugin_, &out, sink) != PARLEY_OK) throw std::runtime_error("save() failed");
  return out;
}

parley_status small_host::reload(const std::string& state) {
  void* fresh = nullptr;
  const auto before = std::exchange(timers_, {});
  if (parley_plugin.create(&generation_, &host_table, &fresh) != PARLEY_OK) throw std::runtime_error("create() failed");
  const auto restored = parley_plugin.restore(fresh, parley_plugin.state_version, {state.data(), state.size()});
  const auto after = std::exchange(timers_, {});
  if (restored == PARLEY_OK) std::swap(plugin_, fresh);
  parley_plugin.destroy(fresh);
  timers_ = restored == PARLEY_OK ? after : before;
  return restored;
}

bool small_host::run_lanes() {
  bool any = false;
  for (auto& [index, queue] : lanes_) {
    while (!queue.empty()) {
      any = true;
      const auto count = std::min(queue.size(), max_batch);
      const std::vector<waiting_item> batch(queue.begin(), queue.begin() + static_cast<std::ptrdiff_t>(count));
      queue.erase(queue.begin(), queue.begin() + static_cast<std::ptrdiff_t>(count));
      std::vector<void*> items;
      for (const auto& one : batch) items.push_back(one.item);
      const auto s = item_of<parley_lane>(parley_plugin.lanes, index)
                         .batch(plugin_, reinterpret_cast<parley_sql_connection*>(&db_), items.data(), items.size());
      for (const auto& one : batch) one.done(one.item, s);
    }
  }
  return any;
}

bool small_host::run_jobs() {
  const bool any = !jobs_.empty();
  while (!jobs_.empty()) {
    const auto job = jobs_.front();
    jobs_.pop_front();
    job.done(job.context, job.work(job.context, db_.connection()));
  }
  return any;
}

void small_host::tell(const std::string& event, const std::string& body) {
  for (std::uint32_t i = 0; i < parley_plugin.subscriptions.count; ++i) {
    const auto& one = item_of<parley_subscription>(parley_plugin.subscriptions, i);
    if (one.event == event) one.handle(plugin_, {body.data(), body.size()});
  }
}

}  // namespace message_test
