// The rival of the durable benchmarks: the statements of plugins/message's batch, on the same database with the same
// settings, issued by the bare SQLite driver with no server around them.
//
//   bare_store DATABASE CONVERSATIONS BATCH SECONDS KEYS(on|off) [PAUSE_US]      a pause behind each transaction
//
// Prints one JSON line: rows per second and the time of a transaction.
#include <sqlite3.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <map>
#include <string>
#include <vector>

namespace {

using clock_type = std::chrono::steady_clock;

sqlite3* db = nullptr;

void check(int code, int wanted = SQLITE_OK) {
  if (code == wanted) return;
  std::fprintf(stderr, "bare_store: %s\n", sqlite3_errmsg(db));
  std::exit(1);
}

void run(const char* text) {
  check(sqlite3_exec(db, text, nullptr, nullptr, nullptr));
}

sqlite3_stmt* prepare(const std::string& text) {
  sqlite3_stmt* s = nullptr;
  check(sqlite3_prepare_v3(db, text.c_str(), -1, SQLITE_PREPARE_PERSISTENT, &s, nullptr));
  return s;
}

struct binder {
  sqlite3_stmt* s;
  int at = 1;
  binder& operator<<(std::int64_t v) {
    sqlite3_bind_int64(s, at++, v);
    return *this;
  }
  binder& operator<<(const std::string& v) {
    sqlite3_bind_text(s, at++, v.data(), static_cast<int>(v.size()), SQLITE_STATIC);
    return *this;
  }
  void done() {
    check(sqlite3_step(s), SQLITE_DONE);
    sqlite3_reset(s);
  }
};

struct conversation {
  std::int64_t a, b, relate, last, created, last_a, last_b, touched, session_a, session_b;
};

struct statements {
  sqlite3_stmt* lock = prepare(
      "SELECT relate_id, last_msg_id, last_created, last_a, last_b, touched, session_a, session_b FROM conversation "
      "WHERE kind = ? AND a = "
      "? AND b = ?");
  std::vector<sqlite3_stmt*> insert;
  sqlite3_stmt* key =
      prepare("INSERT INTO message_key(kind, relate_id, msg_id, author, client_msg_id, created) VALUES (?,?,?,?,?,?)");
  sqlite3_stmt* touch = prepare("UPDATE IMRecentSession SET status = ?, updated = ? WHERE id IN (?, ?)");
  sqlite3_stmt* save = prepare(
      "INSERT INTO conversation(kind, a, b, relate_id, last_msg_id, last_created, last_a, last_b, touched, session_a, "
      "session_b) VALUES "
      "(?,?,?,?,?,?,?,?,?,?,?) ON CONFLICT(kind,a,b) DO UPDATE SET last_msg_id = excluded.last_msg_id, last_created = "
      "excluded.last_created, last_a = excluded.last_a, last_b = excluded.last_b, touched = excluded.touched, "
      "session_a = "
      "excluded.session_a, session_b = excluded.session_b");
  statements() {
    for (int i = 0; i < 8; ++i) {
      insert.push_back(prepare(
          "INSERT INTO IMMessage_" + std::to_string(i) +
          "(relateId, fromId, toId, msgId, content, type, status, created, updated) VALUES (?,?,?,?,?,?,?,?,?)"));
    }
  }
};

void lock(statements& s, conversation& c) {
  binder{s.lock} << 1 << c.a << c.b;
  check(sqlite3_step(s.lock), SQLITE_ROW);
  std::int64_t* fields[] = {&c.relate, &c.last,    &c.created,   &c.last_a,
                            &c.last_b, &c.touched, &c.session_a, &c.session_b};
  for (int i = 0; i < 8; ++i) *fields[i] = sqlite3_column_int64(s.lock, i);
  sqlite3_reset(s.lock);
}

/// Which conversation the n-th message goes to: parley-bench's pairs take turns, and each goes round its peers.
std::size_t conversation_of(std::size_t n, std::size_t conversations) {
  const std::size_t pairs = std::min<std::size_t>(100, conversations);
  const std::size_t peers = conversations / pairs;
  return n % pairs * peers + n / pairs % peers;
}

/// One transaction of `batch` messages from the `next`-th on, in key order, as the plugin does it.
void commit_batch(statements& s, std::vector<conversation>& all, std::size_t& next, std::size_t batch, bool keys,
                  std::uint64_t& serial, const std::string& content) {
  std::map<std::size_t, std::size_t> messages;  // conversation -> how many
  for (std::size_t i = 0; i < batch; ++i) ++messages[conversation_of(next++, all.size())];
  const auto now = static_cast<std::int64_t>(std::time(nullptr));
  run("BEGIN IMMEDIATE");
  struct row {
    conversation* c;
    std::int64_t msg_id;
  };
  std::vector<std::vector<row>> shards(8);
  for (const auto& [index, count] : messages) {
    auto& c = all[index];
    lock(s, c);
    for (std::size_t i = 0; i < count; ++i) shards[static_cast<std::size_t>(c.relate % 8)].push_back({&c, ++c.last});
    c.created = now;
    c.last_a = c.last;
  }
  std::vector<row> in_order;
  for (std::size_t shard = 0; shard < 8; ++shard) {
    for (const auto& r : shards[shard]) {
      binder b{s.insert[shard]};
      (b << r.c->relate << r.c->a << r.c->b << r.msg_id << content << 1 << 0 << now << now).done();
    }
    in_order.insert(in_order.end(), shards[shard].begin(), shards[shard].end());
  }
  if (keys) {
    std::sort(in_order.begin(), in_order.end(),
              [](const row& x, const row& y) { return x.c < y.c || (x.c == y.c && x.msg_id < y.msg_id); });
    for (const auto& r : in_order) {
      char id[17];
      std::snprintf(id, sizeof id, "%08llx%08llx", static_cast<unsigned long long>(r.c->a),
                    static_cast<unsigned long long>(++serial & 0xffffffff));
      const std::string client_id(id, 16);
      binder b{s.key};
      (b << 1 << r.c->relate << r.msg_id << r.c->a << client_id << now).done();
    }
  }
  for (const auto& [index, count] : messages) {
    auto& c = all[index];
    if (c.touched == now) continue;
    c.touched = now;
    binder b{s.touch};
    (b << 0 << now << c.session_a << c.session_b).done();
  }
  for (const auto& [index, count] : messages) {
    auto& c = all[index];
    binder b{s.save};
    (b << 1 << c.a << c.b << c.relate << c.last << c.created << c.last_a << c.last_b << c.touched << c.session_a
       << c.session_b)
        .done();
  }
  run("COMMIT");
}

}  // namespace

int main(int argc, char** argv) {
  const unsigned pause_us = argc > 6 ? static_cast<unsigned>(std::strtoul(argv[6], nullptr, 10)) : 0;
  if (argc != 6 && argc != 7) {
    std::fprintf(stderr, "usage: bare_store DATABASE CONVERSATIONS BATCH SECONDS on|off\n");
    return 2;
  }
  const auto wanted = std::strtoul(argv[2], nullptr, 10);
  const auto batch = std::max(1ul, std::strtoul(argv[3], nullptr, 10));
  const double seconds = std::strtod(argv[4], nullptr);
  const bool keys = std::string(argv[5]) == "on";
  check(sqlite3_open_v2(argv[1], &db, SQLITE_OPEN_READWRITE, nullptr));
  sqlite3_busy_timeout(db, 5000);
  for (const char* p : {"PRAGMA journal_mode=WAL", "PRAGMA synchronous=FULL", "PRAGMA cache_size=-8192",
                        "PRAGMA mmap_size=0", "PRAGMA journal_size_limit=67108864", "PRAGMA wal_autocheckpoint=8000"}) {
    run(p);
  }
  std::vector<conversation> all;
  auto* list = prepare("SELECT a, b FROM conversation WHERE kind = 1 ORDER BY a, b LIMIT " + std::to_string(wanted));
  while (sqlite3_step(list) == SQLITE_ROW) {
    conversation c{};
    c.a = sqlite3_column_int64(list, 0);
    c.b = sqlite3_column_int64(list, 1);
    all.push_back(c);
  }
  sqlite3_finalize(list);
  if (all.empty()) {
    std::fprintf(stderr, "bare_store: the database holds no conversations; run the server's benchmark on it first\n");
    return 1;
  }
  statements s;
  std::size_t next = 0;
  std::uint64_t serial = static_cast<std::uint64_t>(std::time(nullptr)) << 24;
  const std::string content(100, 'x');  // parley-bench's --size
  std::vector<double> times;
  const auto start = clock_type::now();
  double elapsed = 0;
  while (elapsed < seconds) {
    if (pause_us) usleep(pause_us);
    const auto before = clock_type::now();
    commit_batch(s, all, next, batch, keys, serial, content);
    times.push_back(std::chrono::duration<double, std::milli>(clock_type::now() - before).count());
    elapsed = std::chrono::duration<double>(clock_type::now() - start).count();
  }
  std::sort(times.begin(), times.end());
  std::printf(
      "{\"conversations\":%zu,\"batch\":%lu,\"rows_per_s\":%.0f,\"transaction_p50_ms\":%.3f,\"transaction_p99_ms\":%."
      "3f}\n",
      all.size(), batch, static_cast<double>(next) / elapsed, times[times.size() / 2], times[times.size() * 99 / 100]);
  return 0;
}
