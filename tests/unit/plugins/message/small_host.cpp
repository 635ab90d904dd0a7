#include "small_host.hpp"

#include <parley/abi/config.h>
#include <parley/abi/event.h>
#include <parley/abi/log.h>

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
    const std::map<std::string_view, const void*> all{{PARLEY_SESSION_1, &session}, {PARLEY_SQL_1, &sql},
                                                      {PARLEY_LANE_1, &lane},       {PARLEY_EVENT_1, &event},
                                                      {PARLEY_CONFIG_1, &config},   {PARLEY_LOG_1, &log_table}};
    const auto found = all.find(id);
    return found == all.end() ? nothing : found->second;
  }
  static std::uint64_t now_ms(parley_generation* self) { return of(self).now_ms; }
};

small_host::small_host() {
  static const parley_host host{
      sizeof(parley_host),    PARLEY_ABI_MAJOR,       PARLEY_ABI_MINOR, host_functions::get_interface,
      host_functions::now_ms, host_functions::now_ms, nullptr};
  db_.migrate("CREATE TABLE IMUser(id {id}, name {text:32}, status {u8} NOT NULL DEFAULT 0)");
  db_.migrate("CREATE TABLE block(user_id {u32}, peer_id {u32}, PRIMARY KEY (user_id, peer_id))");
  for (std::uint32_t i = 0; i < parley_plugin.migrations.count; ++i) {
    db_.migrate(item_of<parley_migration>(parley_plugin.migrations, i).statements);
  }
  if (parley_plugin.create(&generation_, &host, &plugin_) != PARLEY_OK) throw std::runtime_error("create() failed");
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
  while (run_lanes() || run_jobs()) {
  }
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
