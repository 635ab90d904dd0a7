#include "store/snapshot.hpp"

#include <fcntl.h>
#include <sqlite3.h>
#include <unistd.h>

#include <filesystem>
#include <memory>

#include "store/files.hpp"
#include "store/trouble.hpp"

namespace parley::store {

namespace {

constexpr int pages_at_once = 256;  // a MiB
constexpr int patience_ms = 10000;

struct closing {
  void operator()(sqlite3* db) const { sqlite3_close(db); }
  void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};
using database = std::unique_ptr<sqlite3, closing>;
using statement = std::unique_ptr<sqlite3_stmt, closing>;

database opened(const std::string& file, int flags) {
  sqlite3* raw = nullptr;
  const int code = sqlite3_open_v2(file.c_str(), &raw, flags, nullptr);
  database db(raw);
  if (code != SQLITE_OK) throw trouble(file + ": " + (raw ? sqlite3_errmsg(raw) : sqlite3_errstr(code)));
  sqlite3_busy_timeout(raw, patience_ms);
  return db;
}

void run(sqlite3* db, const char* sql, const std::string& file) {
  if (sqlite3_exec(db, sql, nullptr, nullptr, nullptr) == SQLITE_OK) return;
  throw trouble(file + ": " + sqlite3_errmsg(db), interrupted);
}

std::string text(sqlite3_stmt* row, int column) {
  const auto* bytes = static_cast<const char*>(sqlite3_column_blob(row, column));
  return bytes ? std::string(bytes, static_cast<std::size_t>(sqlite3_column_bytes(row, column))) : std::string();
}

}  // namespace

void take_snapshot(const std::string& file, const std::string& to, const std::function<void(int done, int of)>& step) {
  const int made = open(to.c_str(), O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600);
  if (made < 0) throw trouble(to + ": it is there already", interrupted);
  close(made);
  const auto from = opened(file, SQLITE_OPEN_READONLY);
  // The state that is read is that of the first statement.
  run(from.get(), "BEGIN; SELECT COUNT(*) FROM sqlite_master", file);
  {
    const auto copy = opened(to, SQLITE_OPEN_READWRITE);
    auto* backup = sqlite3_backup_init(copy.get(), "main", from.get(), "main");
    if (!backup) throw trouble(to + ": " + sqlite3_errmsg(copy.get()), interrupted);
    int code = SQLITE_OK;
    while (code == SQLITE_OK || code == SQLITE_BUSY || code == SQLITE_LOCKED) {
      code = sqlite3_backup_step(backup, pages_at_once);
      const int all = sqlite3_backup_pagecount(backup);
      step(all - sqlite3_backup_remaining(backup), all);
    }
    sqlite3_backup_finish(backup);
    if (code != SQLITE_DONE) throw trouble(to + ": " + sqlite3_errstr(code), interrupted);
    // One file, without a log beside it; a node sets its own mode again.
    run(copy.get(), "PRAGMA journal_mode = DELETE", to);
  }
  run(from.get(), "ROLLBACK", file);
  sync_path(to);
}

std::string check_database(const std::string& file) {
  const auto db = opened("file:" + file + "?immutable=1", SQLITE_OPEN_READONLY | SQLITE_OPEN_URI);
  sqlite3_stmt* raw = nullptr;
  const int code = sqlite3_prepare_v2(db.get(), "PRAGMA integrity_check(1)", -1, &raw, nullptr);
  const statement check(raw);
  if (code != SQLITE_OK || sqlite3_step(raw) != SQLITE_ROW) return sqlite3_errmsg(db.get());
  const auto said = text(raw, 0);
  return said == "ok" ? "" : said;
}

std::vector<told_file> missing_files(const std::string& file, const std::function<bool(const told_file&)>& has,
                                     std::size_t most) {
  const auto db = opened(file, SQLITE_OPEN_READONLY);
  std::vector<told_file> missing;
  // state 1: complete. Unfinished files may be there or not, and how long they are is what counts.
  static constexpr std::pair<const char*, const char*> tells[] = {
      {"file", "SELECT task_id FROM file_task WHERE state = 1"}, {"msfs", "SELECT path FROM media_upload"}};
  for (const auto& [plugin, sql] : tells) {
    sqlite3_stmt* raw = nullptr;
    if (sqlite3_prepare_v2(db.get(), sql, -1, &raw, nullptr) != SQLITE_OK) continue;  // a node without that plugin
    const statement rows(raw);
    while (missing.size() < most && sqlite3_step(raw) == SQLITE_ROW) {
      told_file one{plugin, text(raw, 0)};
      if (one.plugin == "file") one.path = "offline_file/" + one.path.substr(0, 2) + "/" + one.path;
      if (!has(one)) missing.push_back(std::move(one));
    }
  }
  return missing;
}

}  // namespace parley::store
