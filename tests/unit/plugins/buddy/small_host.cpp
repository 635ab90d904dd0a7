#include "small_host.hpp"

#include <parley/abi/config.h>
#include <parley/abi/event.h>
#include <parley/abi/log.h>
#include <parley/plugin.hpp>

#include <stdexcept>
#include <string_view>

#include "plugins/login/schema.hpp"

extern "C" const parley_plugin_descriptor parley_plugin;

namespace buddy_test {
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
  static parley_status reply(parley_generation* self, parley_request_id, std::uint16_t command, parley_bytes body) {
    of(self).replies_.push_back({command, text_of(body)});
    return PARLEY_OK;
  }
  static void finish(parley_generation* self, parley_request_id, parley_status status, parley_bytes, std::uint32_t) {
    of(self).verdict_ = status;
  }
  static void explain(parley_generation* self, parley_request_id, parley_bytes text, std::uint32_t) {
    of(self).explanation_ = text_of(text);
  }
  static parley_status push_principal(parley_generation* self, std::uint64_t user, const parley_selector* which,
                                      std::uint16_t command, parley_bytes body) {
    of(self).pushes_.push_back({user, command, text_of(body), *which});
    return PARLEY_OK;
  }
  static parley_status run_job(parley_generation* self, const parley_sql_job* job) {
    if (of(self).jobs_verdict != PARLEY_OK) return of(self).jobs_verdict;
    of(self).jobs_.push_back(*job);
    return PARLEY_OK;
  }
  static parley_status publish(parley_generation* self, const char*, parley_bytes body) {
    of(self).told_.push_back(text_of(body));
    return PARLEY_OK;
  }
  static std::int32_t heard(parley_generation*, const char*) { return 1; }
  static std::string_view value_of(parley_generation* self, std::string_view name) {
    const auto given = of(self).config_.find(std::string(name));
    if (given != of(self).config_.end()) return given->second;
    for (std::uint32_t i = 0; i < parley_plugin.config.count; ++i) {
      const auto& key = item_of<parley_config_key>(parley_plugin.config, i);
      if (key.name == name) return key.default_value;
    }
    throw std::runtime_error("undeclared key");
  }
  static parley_bytes config_text(parley_generation* self, const char* key) {
    const auto text = value_of(self, key);
    return {text.data(), text.size()};
  }
  /// Durations are days.
  static std::int64_t config_number(parley_generation* self, const char* key) {
    const std::string text(value_of(self, key));
    return std::stoll(text) * (text.back() == 'd' ? 24LL * 3600 * 1000 : 1);
  }
  static void log(parley_generation*, std::uint32_t, parley_session_id, parley_bytes) {}
  static std::int32_t log_enabled(parley_generation*, std::uint32_t) { return 0; }

  static const void* get_interface(parley_generation*, const char* id) {
    static parley_session_1 session{};
    static parley_sql_1 sql = plugin_test::database::functions();
    static parley_event_1 event{};
    static parley_config_1 config{};
    static parley_log_1 log_table{};
    static std::uint64_t nothing[64]{sizeof nothing};
    session.size = sizeof session;
    session.reply = reply;
    session.finish = finish;
    session.explain = explain;
    session.push_principal = push_principal;
    sql.run = run_job;
    event = {sizeof event, 0, publish, heard};
    config = {sizeof config, 0, config_text, config_number};
    log_table = {sizeof log_table, 0, log, log_enabled};
    const std::map<std::string_view, const void*> all{{PARLEY_SESSION_1, &session},
                                                      {PARLEY_SQL_1, &sql},
                                                      {PARLEY_EVENT_1, &event},
                                                      {PARLEY_CONFIG_1, &config},
                                                      {PARLEY_LOG_1, &log_table}};
    const auto found = all.find(id);
    return found == all.end() ? nothing : found->second;
  }
  static std::uint64_t now_ms(parley_generation* self) { return of(self).now_ms; }
};

small_host::small_host(settings config) : config_(std::move(config)) {
  static const parley_host host{
      sizeof(parley_host),    PARLEY_ABI_MAJOR,       PARLEY_ABI_MINOR, host_functions::get_interface,
      host_functions::now_ms, host_functions::now_ms, nullptr};
  db_.migrate(login::schema::users);
  db_.migrate(login::schema::relations);
  for (std::uint32_t i = 0; i < parley_plugin.migrations.count; ++i) {
    db_.migrate(item_of<parley_migration>(parley_plugin.migrations, i).statements);
  }
  if (parley_plugin.create(&generation_, &host, &plugin_) != PARLEY_OK) throw std::runtime_error("create() failed");
}

small_host::~small_host() {
  parley_plugin.destroy(plugin_);
}

parley::sql small_host::sql(plugin_test::database& connection) {
  return {static_cast<parley::plugin*>(plugin_)->host_edge(), connection.connection()};
}

parley_status small_host::serve_bytes(const user& who, std::uint16_t command, const std::string& body) {
  replies_.clear();
  explanation_.clear();
  for (std::uint32_t i = 0; i < parley_plugin.commands.count; ++i) {
    const auto& entry = item_of<parley_command>(parley_plugin.commands, i);
    if (entry.id != command) continue;
    parley_request raw{};
    raw.size = sizeof raw;
    raw.command = command;
    raw.seq = 7;
    raw.id = 1;
    raw.session = who.session;
    raw.principal = {who.id, 1, PARLEY_TERMINAL};
    raw.level = who.level;
    raw.body = {body.data(), body.size()};
    verdict_ = PARLEY_PENDING;
    const auto now = entry.handle(plugin_, &raw);
    if (now != PARLEY_PENDING) verdict_ = now;
    run_jobs();
    return verdict_;
  }
  throw std::runtime_error("nobody serves this command");
}

void small_host::run_jobs() {
  while (!jobs_.empty()) {
    const auto job = jobs_.front();
    jobs_.pop_front();
    job.done(job.context, job.work(job.context, db_.connection()));
  }
}

}  // namespace buddy_test
