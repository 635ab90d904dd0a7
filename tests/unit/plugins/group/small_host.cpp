#include "small_host.hpp"

#include <parley/abi/config.h>
#include <parley/abi/control.h>
#include <parley/abi/event.h>
#include <parley/abi/log.h>

#include <stdexcept>
#include <string_view>

#include "plugins/login/schema.hpp"
#include "plugins/message/schema.hpp"

extern "C" const parley_plugin_descriptor parley_plugin;

namespace group_test {
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
    ++of(self).reply_count_;
    return PARLEY_OK;
  }
  static void finish(parley_generation* self, parley_request_id, parley_status status, parley_bytes, std::uint32_t) {
    of(self).verdict_ = status;
  }
  static void explain(parley_generation* self, parley_request_id, parley_bytes text, std::uint32_t) {
    of(self).explanation_ = text_of(text);
  }
  static parley_status push_principals(parley_generation* self, const std::uint64_t* users, std::size_t count,
                                       const parley_selector* which, std::uint16_t command, parley_bytes body) {
    auto& host = of(self);
    host.pushes_.push_back(
        {{users, users + count}, command, text_of(body), *which, host.reply_count_, host.db_.commits()});
    return PARLEY_OK;
  }
  static parley_status run_job(parley_generation* self, const parley_sql_job* job) {
    of(self).jobs_.push_back(*job);
    return PARLEY_OK;
  }
  static parley_status publish(parley_generation* self, const char*, parley_bytes body) {
    of(self).told_.push_back(text_of(body));
    return PARLEY_OK;
  }
  static std::int32_t heard(parley_generation*, const char*) { return 1; }
  static parley_status answer(parley_generation* self, parley_verb_id, parley_status status, parley_bytes text) {
    of(self).verb_ = {status, text_of(text)};
    return PARLEY_OK;
  }
  static parley_status progress(parley_generation*, parley_verb_id, parley_bytes) { return PARLEY_OK; }

  static std::string value_of(parley_generation* self, std::string_view name) {
    for (std::uint32_t i = 0; i < parley_plugin.config.count; ++i) {
      const auto& key = item_of<parley_config_key>(parley_plugin.config, i);
      if (key.name != name) continue;
      const auto set = of(self).keys_.find(std::string(name));
      return set == of(self).keys_.end() ? key.default_value : set->second;
    }
    throw std::runtime_error("undeclared key");
  }
  static parley_bytes config_text(parley_generation*, const char*) { throw std::runtime_error("no text keys"); }
  static std::int64_t config_number(parley_generation* self, const char* key) {
    const auto text = value_of(self, key);
    const std::map<char, std::int64_t> units{{'s', 1000}, {'d', 24 * 3600 * 1000}};
    const auto unit = units.find(text.back());
    return std::stoll(text) * (unit == units.end() ? 1 : unit->second);
  }
  static void log(parley_generation*, std::uint32_t, parley_session_id, parley_bytes) {}
  static std::int32_t log_enabled(parley_generation*, std::uint32_t) { return 0; }

  static const void* get_interface(parley_generation*, const char* id) {
    static parley_session_1 session{};
    static parley_sql_1 sql = plugin_test::database::functions();
    static parley_event_1 event{};
    static parley_control_1 control{};
    static parley_config_1 config{};
    static parley_log_1 log_table{};
    static std::uint64_t nothing[64]{sizeof nothing};
    session.size = sizeof session;
    session.reply = reply;
    session.finish = finish;
    session.explain = explain;
    session.push_principals = push_principals;
    sql.run = run_job;
    event = {sizeof event, 0, publish, heard};
    control = {sizeof control, 0, answer, progress};
    config = {sizeof config, 0, config_text, config_number};
    log_table = {sizeof log_table, 0, log, log_enabled};
    const std::map<std::string_view, const void*> all{{PARLEY_SESSION_1, &session}, {PARLEY_SQL_1, &sql},
                                                      {PARLEY_EVENT_1, &event},     {PARLEY_CONTROL_1, &control},
                                                      {PARLEY_CONFIG_1, &config},   {PARLEY_LOG_1, &log_table}};
    const auto found = all.find(id);
    return found == all.end() ? nothing : found->second;
  }
  static std::uint64_t now_ms(parley_generation* self) { return of(self).now_ms; }
};

small_host::small_host(std::map<std::string, std::string> keys) : keys_(std::move(keys)) {
  static const parley_host host{
      sizeof(parley_host),    PARLEY_ABI_MAJOR,       PARLEY_ABI_MINOR, host_functions::get_interface,
      host_functions::now_ms, host_functions::now_ms, nullptr};
  for (const char* tables : {login::schema::users, login::schema::relations, message::schema::conversations,
                             message::schema::groups, message::schema::group_messages.data()}) {
    db_.migrate(tables);
  }
  for (std::uint32_t i = 0; i < parley_plugin.migrations.count; ++i) {
    db_.migrate(item_of<parley_migration>(parley_plugin.migrations, i).statements);
  }
  if (parley_plugin.create(&generation_, &host, &plugin_) != PARLEY_OK) throw std::runtime_error("create() failed");
}

std::int64_t small_host::highest(std::string_view name) {
  for (std::uint32_t i = 0; i < parley_plugin.config.count; ++i) {
    const auto& key = item_of<parley_config_key>(parley_plugin.config, i);
    if (key.name == name) return key.max;
  }
  throw std::runtime_error("undeclared key");
}

small_host::~small_host() {
  parley_plugin.destroy(plugin_);
}

parley_status small_host::serve_bytes(const user& who, std::uint16_t command, const std::string& body) {
  for (std::uint32_t i = 0; i < parley_plugin.commands.count; ++i) {
    const auto& entry = item_of<parley_command>(parley_plugin.commands, i);
    if (entry.id != command) continue;
    verdict_ = PARLEY_PENDING;
    explanation_.clear();
    replies_.clear();
    parley_request raw{};
    raw.size = sizeof raw;
    raw.command = command;
    raw.seq = 7;
    raw.id = 1;
    raw.session = who.session;
    raw.principal = {who.id, 1, PARLEY_TERMINAL};
    raw.level = who.level;
    raw.flags = who.call ? PARLEY_REQUEST_CALL : 0;
    raw.body = {body.data(), body.size()};
    const auto now = entry.handle(plugin_, &raw);
    if (now != PARLEY_PENDING) verdict_ = now;
    run();
    return verdict_;
  }
  throw std::runtime_error("nobody serves this command");
}

void small_host::run() {
  while (!jobs_.empty()) {
    const auto job = jobs_.front();
    jobs_.pop_front();
    job.done(job.context, job.work(job.context, db_.connection()));
  }
}

verb_end small_host::verb(const std::string& name, const std::vector<const char*>& values) {
  verb_ = {};
  for (std::uint32_t i = 0; i < parley_plugin.verbs.count; ++i) {
    const auto& entry = item_of<parley_verb>(parley_plugin.verbs, i);
    if (entry.name != name) continue;
    std::vector<parley_bytes> given;
    for (const char* one : values) given.push_back({one, one ? std::string_view(one).size() : 0});
    parley_verb_call raw{sizeof raw, static_cast<std::uint32_t>(given.size()), 1, given.data()};
    entry.handle(plugin_, &raw);
    run();
    return verb_;
  }
  throw std::runtime_error("no such verb");
}

}  // namespace group_test
