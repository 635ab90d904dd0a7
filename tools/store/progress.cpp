#include "store/progress.hpp"

#include <signal.h>

#include <chrono>
#include <cstdlib>

#include "store/trouble.hpp"

namespace parley::store {

namespace {

// The row of the copy as a whole, whose position is the source's url.
constexpr const char* whole = "";

std::uint64_t seconds_now() {
  return static_cast<std::uint64_t>(
      std::chrono::duration_cast<std::chrono::seconds>(std::chrono::system_clock::now().time_since_epoch()).count());
}

}  // namespace

void progress::begin(const std::string& source) {
  to_.db().execute(
      "CREATE TABLE IF NOT EXISTS copy_progress(name {text:64} NOT NULL PRIMARY KEY, position {blob} NOT NULL, "
      "row_count {u64} NOT NULL, finished {u64} NOT NULL) {table}");
  const auto before = of(whole);
  if (before.begun && before.position != source) {
    throw trouble(to_.shown() + ": a copy of " + before.position + " is there already, not of " + source +
                  "; name that one, or an empty database");
  }
  if (!before.begun) to_.db().transaction([&] { set(whole, {true, false, source, 0}); });
  checkpoint();
}

bool progress::finished() {
  return of(whole).finished;
}

void progress::finish() {
  auto now = of(whole);
  now.finished = true;
  to_.db().transaction([&] { set(whole, now); });
}

// By its primary key.
progress::place progress::of(const std::string& table_name) {
  const auto row = to_.db().one<std::string, std::uint64_t, std::uint64_t>(
      "SELECT position, row_count, finished FROM copy_progress WHERE name = ?", {table_name});
  if (!row) return {};
  return {true, std::get<2>(*row) != 0, std::get<0>(*row), std::get<1>(*row)};
}

void progress::set(const std::string& table_name, const place& now) {
  to_.db().execute(
      "INSERT INTO copy_progress(name, position, row_count, finished) VALUES (?, ?, ?, ?) {on_conflict:name} position "
      "= {new:position}, row_count = {new:row_count}, finished = {new:finished}",
      {table_name, now.position, now.rows, now.finished ? seconds_now() : 0});
}

void progress::checkpoint() {
  static const char* const wanted = std::getenv("PARLEY_TEST_COPY_KILL");
  if (wanted && std::to_string(++checkpoints_) == wanted) raise(SIGKILL);
}

}  // namespace parley::store
