#include "import/job.hpp"

#include <signal.h>

#include <chrono>
#include <cstdlib>

#include "host/config/scalars.hpp"
#include "host/plugin/interfaces.hpp"
#include "import/trouble.hpp"

namespace parley::teamtalk {
namespace {

constexpr std::chrono::minutes longest_statement{30};

/// The SDK's statements over the host's own tables, without a plugin.
const edge& own_edge() {
  static const edge all(nullptr, host::host_table());
  return all;
}

host::mysql_settings settings_of(const std::string& text) {
  const auto url = host::parse_sql_url(text);
  if (!url) throw trouble("--mysql: " + url.text());
  if (url->kind != host::sql_kind::mysql) {
    throw trouble("--mysql: expected mysql://USER:PASSWORD@HOST:PORT/DATABASE; TeamTalk had no other database");
  }
  if (const auto known = host::check_sql_options(*url); !known) throw trouble("--mysql: " + known.text());
  host::mysql_settings settings{url->hosts, url->user, url->password, url->database, url->redacted()};
  settings.read_timeout = longest_statement;
  settings.idle_transaction_timeout = longest_statement;
  for (const auto& [key, value] : url->options) {
    const std::chrono::milliseconds time(*host::parse_duration(value, {}));
    (key == "connect_timeout" ? settings.connect_timeout : settings.read_timeout) = time;
  }
  return settings;
}

}  // namespace

std::uint32_t seconds_now() {
  return static_cast<std::uint32_t>(
      std::chrono::duration_cast<std::chrono::seconds>(std::chrono::system_clock::now().time_since_epoch()).count());
}

job::job(const options& o) : options_(o), report_(o.dry) {
  auto settings = settings_of(o.mysql);
  shown_ = settings.shown;
  backend_ = std::make_unique<host::mysql_backend>(std::move(settings), 1);
  if (!dry()) {
    if (const auto ready = backend_->prepare(); !ready) throw trouble(ready.text());
  }
  auto made = backend_->connect(dry() ? host::connection_role::reader : host::connection_role::writer);
  if (!made) throw trouble(made.text());
  connection_ = std::move(*made);
  db_.emplace(&own_edge(), connection_.get());
}

bool job::has_table(const std::string& name) {
  return db()
      .one<std::uint32_t>("SELECT 1 FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = ?",
                          {name})
      .has_value();
}

bool job::take_lock() {
  const auto got = db().one<std::uint32_t>("SELECT GET_LOCK(LEFT(CONCAT('parley import ', DATABASE()), 64), 0)", {});
  return got && std::get<0>(*got) == 1;
}

void job::write_changes() {
  std::vector<sql_value> values;
  for (const auto& one : changes_) {
    values.insert(values.end(), {one.table, one.row, one.column, one.was, one.is, one.new_table, one.new_row});
  }
  db().insert_rows(
      "INSERT INTO import_change(table_name, row_id, column_name, old_value, new_value, new_table, new_row_id) VALUES",
      "", 7, values);
}

void job::enter(const std::string& step) {
  step_ = step;
  checkpoints_ = 0;
  report_.begin(step);
  checkpoint();
}

bool job::finished() {
  if (!has_table("import_progress")) return false;
  const auto row = db().one<std::uint64_t>("SELECT finished FROM import_progress WHERE step = ?", {step_});
  return row && std::get<0>(*row) != 0;
}

std::string job::position() {
  if (!has_table("import_progress")) return {};
  const auto row = db().one<std::string>("SELECT position FROM import_progress WHERE step = ?", {step_});
  return row ? std::get<0>(*row) : std::string();
}

void job::set_position(const std::string& text) {
  db().execute(
      "INSERT INTO import_progress(step, position, finished) VALUES (?, ?, 0) {on_conflict:step} position = "
      "{new:position}",
      {step_, text});
}

void job::finish() {
  transaction([&] {
    db().execute(
        "INSERT INTO import_progress(step, position, finished) VALUES (?, '', ?) {on_conflict:step} position = "
        "{new:position}, finished = {new:finished}",
        {step_, seconds_now()});
  });
}

void job::checkpoint() {
  static const char* const wanted = std::getenv("PARLEY_TEST_IMPORT_KILL");
  if (wanted && step_ + ":" + std::to_string(checkpoints_) == wanted) raise(SIGKILL);
  ++checkpoints_;
}

}  // namespace parley::teamtalk
