// The rival of the durable benchmarks on MariaDB: the statements of plugins/message's batch, in batches of the same
// size on as many connections, issued by the bare client library with no server around them.
//
//   bare_store_mariadb HOST PORT USER PASSWORD DATABASE CONVERSATIONS BATCH CONNECTIONS SECONDS KEYS(on|off|single)
//   bare_store_mariadb --sql SOCKET STATEMENT     as root, for the script around it
//
// Prints one JSON line: rows per second and the time of a transaction. KEYS single is the yardstick of the machine: one
// bare row per commit on one connection.
#include <mysql.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace {

using clock_type = std::chrono::steady_clock;

struct target {
  const char *host, *user, *password, *database;
  unsigned port;
  const char* socket = nullptr;
};

struct conversation {
  long long a, b, relate, last, created, last_a, last_b, touched, session_a, session_b;
};

class connection {
 public:
  explicit connection(const target& to) {
    mysql_options(db_, MYSQL_SET_CHARSET_NAME, "utf8mb4");
    if (!mysql_real_connect(db_, to.host, to.user, to.password, to.database, to.port, to.socket, 0)) stop();
    run("SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED");
  }
  ~connection() { mysql_close(db_); }
  connection(const connection&) = delete;

  /// Says how many rows there were.
  unsigned long long run(const std::string& text) {
    if (mysql_real_query(db_, text.data(), text.size()) != 0) stop();
    auto* rows = mysql_store_result(db_);
    if (!rows) return 0;
    const auto count = mysql_num_rows(rows);
    mysql_free_result(rows);
    return count;
  }
  template <class Row>
  void each(const std::string& text, Row&& row) {
    if (mysql_real_query(db_, text.data(), text.size()) != 0) stop();
    auto* rows = mysql_store_result(db_);
    if (!rows) stop();
    while (auto* fields = mysql_fetch_row(rows)) row(fields);
    mysql_free_result(rows);
  }
  std::string escaped(const std::string& text) {
    std::string out(2 * text.size() + 1, '\0');
    out.resize(mysql_real_escape_string(db_, out.data(), text.data(), text.size()));
    return out;
  }

 private:
  [[noreturn]] void stop() {
    std::fprintf(stderr, "bare_store_mariadb: %s\n", mysql_error(db_));
    std::exit(1);
  }
  MYSQL* db_ = mysql_init(nullptr);
};

std::string tuple(std::initializer_list<long long> values) {
  std::string out;
  for (const auto v : values) (out += out.empty() ? '(' : ',') += std::to_string(v);
  return out + ')';
}

void lock(connection& db, std::vector<conversation*>& some) {
  constexpr std::size_t width = 64;
  for (std::size_t from = 0; from < some.size(); from += width) {
    std::string text =
        "SELECT a, b, relate_id, last_msg_id, last_created, last_a, last_b, touched, session_a, session_b FROM "
        "conversation WHERE kind = 1 AND (";
    const auto to = std::min(some.size(), from + width);
    for (auto i = from; i < to; ++i) {
      text += (i > from ? " OR (a = " : "(a = ") + std::to_string(some[i]->a) +
              " AND b = " + std::to_string(some[i]->b) + ")";
    }
    std::size_t at = from;
    db.each(text + ") FOR UPDATE", [&](MYSQL_ROW row) {
      auto& c = *some.at(at++);
      long long* fields[] = {&c.a,      &c.b,      &c.relate,  &c.last,      &c.created,
                             &c.last_a, &c.last_b, &c.touched, &c.session_a, &c.session_b};
      for (int i = 0; i < 10; ++i) *fields[i] = std::strtoll(row[i], nullptr, 10);
    });
  }
}

/// One transaction of `batch` messages over the conversations from `next` on, in key order, as the plugin does it.
void commit_batch(connection& db, std::vector<conversation>& all, std::size_t& next, std::size_t batch, bool keys,
                  std::uint64_t& serial, const std::string& content, std::uint64_t number) {
  std::map<std::size_t, std::size_t> messages;  // conversation -> how many
  for (std::size_t i = 0; i < batch; ++i) ++messages[next++ % all.size()];
  const auto now = static_cast<long long>(std::time(nullptr));
  db.run("BEGIN");
  std::vector<conversation*> some;
  for (const auto& [index, count] : messages) some.push_back(&all[index]);
  lock(db, some);
  std::vector<std::string> shards(8);
  std::string ids;
  for (const auto& [index, count] : messages) {
    auto& c = all[index];
    auto& rows = shards[static_cast<std::size_t>(c.relate % 8)];
    for (std::size_t i = 0; i < count; ++i) {
      const auto msg_id = ++c.last;
      rows += (rows.empty() ? "(" : ",(") + std::to_string(c.relate) + "," + std::to_string(c.a) + "," +
              std::to_string(c.b) + "," + std::to_string(msg_id) + ",'" + db.escaped(content) + "',1,0," +
              std::to_string(now) + "," + std::to_string(now) + ")";
      if (!keys) continue;
      char id[17];
      std::snprintf(id, sizeof id, "%08llx%08llx", static_cast<unsigned long long>(c.a),
                    static_cast<unsigned long long>(++serial & 0xffffffff));
      ids += (ids.empty() ? "(1," : ",(1,") + std::to_string(c.relate) + "," + std::to_string(msg_id) + "," +
             std::to_string(c.a) + ",'" + db.escaped(id) + "'," + std::to_string(now) + ")";
    }
    c.created = now;
    c.last_a = c.last;
  }
  for (std::size_t shard = 0; shard < 8; ++shard) {
    if (shards[shard].empty()) continue;
    db.run("INSERT INTO IMMessage_" + std::to_string(shard) +
           "(relateId, fromId, toId, msgId, content, type, status, created, updated) VALUES " + shards[shard]);
  }
  if (!ids.empty()) {
    db.run("INSERT INTO message_key(kind, relate_id, msg_id, author, client_msg_id, created) VALUES " + ids);
  }
  std::string touched, saved;
  for (auto* c : some) {
    if (c->touched != now)
      touched += (touched.empty() ? "" : ",") + std::to_string(c->session_a) + "," + std::to_string(c->session_b);
    c->touched = now;
    saved += (saved.empty() ? "" : ",") + tuple({1, c->a, c->b, c->relate, c->last, c->created, c->last_a, c->last_b,
                                                 c->touched, c->session_a, c->session_b});
  }
  if (!touched.empty()) {
    db.run("UPDATE IMRecentSession SET status = 0, updated = " + std::to_string(now) + " WHERE id IN (" + touched +
           ")");
  }
  db.run(
      "INSERT INTO conversation(kind, a, b, relate_id, last_msg_id, last_created, last_a, last_b, touched, session_a, "
      "session_b) VALUES " +
      saved +
      " ON DUPLICATE KEY UPDATE last_msg_id = VALUES(last_msg_id), last_created = VALUES(last_created), last_a = "
      "VALUES(last_a), last_b = VALUES(last_b), touched = VALUES(touched), session_a = VALUES(session_a), session_b = "
      "VALUES(session_b)");
  db.run("INSERT INTO commit_marker(writer, number, updated) VALUES " +
         tuple({static_cast<long long>(number), static_cast<long long>(next), now}) +
         " ON DUPLICATE KEY UPDATE number = VALUES(number), updated = VALUES(updated)");
  db.run("COMMIT");
}

}  // namespace

int main(int argc, char** argv) {
  if (argc == 4 && std::string(argv[1]) == "--sql") {
    std::printf("%llu\n", connection(target{nullptr, "root", "", nullptr, 0, argv[2]}).run(argv[3]));
    return 0;
  }
  if (argc != 11) {
    std::fprintf(stderr,
                 "usage: bare_store_mariadb HOST PORT USER PASSWORD DATABASE CONVERSATIONS BATCH CONNECTIONS SECONDS "
                 "on|off|single\n");
    return 2;
  }
  const target to{argv[1], argv[3], argv[4], argv[5], static_cast<unsigned>(std::atoi(argv[2]))};
  const auto wanted = std::strtoul(argv[6], nullptr, 10);
  const auto batch = std::max(1ul, std::strtoul(argv[7], nullptr, 10));
  const auto connections = std::max(1ul, std::strtoul(argv[8], nullptr, 10));
  const double seconds = std::strtod(argv[9], nullptr);
  const std::string keys = argv[10];
  mysql_library_init(0, nullptr, nullptr);

  std::vector<std::vector<conversation>> parts(connections);
  std::size_t found = 0;
  {
    connection db(to);
    if (keys == "single") {
      db.run(
          "CREATE TABLE IF NOT EXISTS bare_row(id BIGINT AUTO_INCREMENT PRIMARY KEY, text VARCHAR(200)) ENGINE=InnoDB");
    }
    db.each("SELECT a, b FROM conversation WHERE kind = 1 ORDER BY a, b LIMIT " + std::to_string(wanted),
            [&](MYSQL_ROW row) {
              conversation c{};
              c.a = std::strtoll(row[0], nullptr, 10);
              c.b = std::strtoll(row[1], nullptr, 10);
              parts[found++ % connections].push_back(c);
            });
  }
  if (keys != "single" && found < connections) {
    std::fprintf(stderr, "bare_store_mariadb: no conversations there; run the server's benchmark on it first\n");
    return 1;
  }
  const std::string content(100, 'x');  // parley-bench's --size
  std::atomic<std::size_t> rows{0};
  std::mutex mutex;
  std::vector<double> times;
  std::vector<std::thread> threads;
  const auto start = clock_type::now();
  for (std::size_t t = 0; t < connections; ++t) {
    threads.emplace_back([&, t] {
      connection db(to);
      std::size_t next = 0;
      std::uint64_t serial = (static_cast<std::uint64_t>(std::time(nullptr)) << 12) + (t << 28);
      std::vector<double> own;
      while (std::chrono::duration<double>(clock_type::now() - start).count() < seconds) {
        const auto before = clock_type::now();
        if (keys == "single") {
          db.run("INSERT INTO bare_row(text) VALUES ('" + content + "')");
          ++next;
        } else {
          commit_batch(db, parts[t], next, batch, keys == "on", serial, content, t + 1);
        }
        own.push_back(std::chrono::duration<double, std::milli>(clock_type::now() - before).count());
      }
      rows += next;
      std::lock_guard hold(mutex);
      times.insert(times.end(), own.begin(), own.end());
    });
  }
  for (auto& t : threads) t.join();
  const auto elapsed = std::chrono::duration<double>(clock_type::now() - start).count();
  std::sort(times.begin(), times.end());
  std::printf(
      "{\"conversations\":%zu,\"batch\":%lu,\"connections\":%lu,\"rows_per_s\":%.0f,\"transaction_p50_ms\":%.3f,"
      "\"transaction_p99_ms\":%.3f}\n",
      found, batch, connections, static_cast<double>(rows) / elapsed, times[times.size() / 2],
      times[times.size() * 99 / 100]);
  return 0;
}
