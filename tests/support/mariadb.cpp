#include "support/mariadb.hpp"

#include <fcntl.h>
#include <mysql.h>
#include <poll.h>
#include <signal.h>
#include <sys/file.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <thread>

#include "support/server.hpp"
#include "support/socket.hpp"

namespace parley::test {
namespace {

constexpr char user[] = "parley";
constexpr char password_in_url[] = "se%27cr%5Cet%20%40%3A%2F";

const std::vector<std::string> small{"--innodb-log-file-size=8M", "--innodb-buffer-pool-size=32M"};

/// The empty data directory of this build, made once, whoever comes first.
std::filesystem::path installed() {
  const std::filesystem::path home = std::filesystem::path(build_directory()) / "mariadb-data";
  const int lock = open((home.string() + ".lock").c_str(), O_CREAT | O_RDWR | O_CLOEXEC, 0644);
  if (lock < 0 || flock(lock, LOCK_EX) != 0) throw failure("cannot lock " + home.string() + ".lock");
  if (!std::filesystem::exists(home)) {
    const auto making = home.string() + ".new";
    std::filesystem::remove_all(making);
    std::vector<std::string> command{"mariadb-install-db", "--no-defaults",
                                     "--user=root",        "--datadir=" + making,
                                     "--skip-test-db",     "--auth-root-authentication-method=normal",
                                     "--skip-name-resolve"};
    command.insert(command.end(), small.begin(), small.end());
    const auto done = run(command, {}, milliseconds(60000));
    if (done.end.code != 0) throw failure("mariadb-install-db failed:\n" + last_lines(done.output, 20));
    std::filesystem::rename(making, home);
  }
  close(lock);
  return home;
}

struct session {
  MYSQL* handle = mysql_init(nullptr);
  session() = default;
  session(const session&) = delete;
  ~session() { mysql_close(handle); }
};

}  // namespace

mariadb::mariadb(options what) : options_(std::move(what)), port_(free_port()) {
  std::filesystem::copy(installed(), data(), std::filesystem::copy_options::recursive);
  start();
  run(std::string("CREATE USER IF NOT EXISTS ") + user + "@'%' IDENTIFIED BY 'se''cr\\et @:/';\n" +
      "GRANT SELECT, INSERT, UPDATE, DELETE, CREATE, DROP, ALTER, INDEX ON *.* TO " + user + "@'%'");
  for (const auto& name : options_.databases) run("CREATE DATABASE " + name + " CHARACTER SET utf8mb4");
}

mariadb::~mariadb() = default;

std::string mariadb::url(const std::string& database, const std::string& more) const {
  return url_at(port_, database, more);
}

std::string mariadb::url_at(std::uint16_t port, const std::string& database, const std::string& more,
                            const std::string& address) {
  return std::string("mysql://") + user + ":" + password_in_url + "@" + address + ":" + std::to_string(port) + "/" +
         database + more;
}

void mariadb::start() {
  std::vector<std::string> command{"mariadbd", "--no-defaults", "--user=root", "--datadir=" + data(),
                                   "--socket=" + socket(), "--port=" + std::to_string(port_),
                                   "--bind-address=127.0.0.1", "--skip-name-resolve", "--skip-log-bin",
                                   "--pid-file=" + (scratch_.path() / "pid").string(),
                                   // A server that starts removes the temporary tables of others that share this.
                                   "--tmpdir=" + scratch_.path().string(), "--innodb-buffer-pool-dump-at-shutdown=0",
                                   "--innodb-buffer-pool-load-at-startup=0", "--performance-schema=0",
                                   "--aria-pagecache-buffer-size=1M", "--key-buffer-size=1M"};
  command.insert(command.end(), small.begin(), small.end());
  command.insert(command.end(), options_.arguments.begin(), options_.arguments.end());
  process_ = std::make_unique<process>(process::options{command, options_.environment, scratch_.path() / "log"});
  const auto deadline = steady::now() + patience(milliseconds(20000));
  for (;;) {
    try {
      run("SELECT 1");
      return;
    } catch (const failure&) {
      if (const auto end = process_->ended_within(milliseconds(20))) {
        throw failure("mariadbd ended with " + std::to_string(end->code) + ":\n" + last_lines(log(), 30));
      }
      if (steady::now() > deadline) throw failure("mariadbd does not serve:\n" + last_lines(log(), 30));
    }
  }
}

void mariadb::stop() {
  process_->signal(SIGTERM);
  if (!process_->ended_within(patience(milliseconds(20000)))) throw failure("mariadbd does not end after SIGTERM");
}

void mariadb::freeze() {
  process_->signal(SIGSTOP);
}

void mariadb::thaw() {
  process_->signal(SIGCONT);
}

std::string mariadb::run(const std::string& sql, const std::string& database) {
  session s;
  mysql_options(s.handle, MYSQL_SET_CHARSET_NAME, "utf8mb4");
  if (!mysql_real_connect(s.handle, nullptr, "root", "", database.empty() ? nullptr : database.c_str(), 0,
                          socket().c_str(), CLIENT_MULTI_STATEMENTS)) {
    throw failure("mariadbd: " + std::string(mysql_error(s.handle)));
  }
  // What SQLite understands, too.
  static constexpr std::string_view portable =
      "SET SESSION sql_mode = 'STRICT_ALL_TABLES,ANSI_QUOTES,PIPES_AS_CONCAT,NO_BACKSLASH_ESCAPES', "
      "max_recursive_iterations = 1000000";
  std::string first;
  int more = mysql_real_query(s.handle, portable.data(), portable.size());
  if (more == 0) more = mysql_real_query(s.handle, sql.data(), sql.size());
  while (more == 0) {
    if (auto* rows = mysql_store_result(s.handle)) {
      auto* row = mysql_fetch_row(rows);
      first = row && row[0] ? row[0] : "";
      mysql_free_result(rows);
    }
    more = mysql_next_result(s.handle);
  }
  if (more > 0) {
    const auto why = "SQL failed: " + std::string(mysql_error(s.handle)) + " in " + sql;
    const bool died = process_->ended_within(milliseconds(200)).has_value();
    throw failure(died ? why + "\nmariadbd has ended:\n" + last_lines(log(), 60) : why);
  }
  return first;
}

bool on_mariadb() {
  const char* value = std::getenv("PARLEY_TEST_SQL");
  return value && std::string_view(value) == "mariadb";
}

mariadb& shared_mariadb() {
  static mariadb server;
  return server;
}

std::string fresh_mariadb_database() {
  static std::atomic<int> number{0};
  const auto name = "test_" + std::to_string(++number);
  shared_mariadb().run("CREATE DATABASE " + name + " CHARACTER SET utf8mb4");
  return name;
}

}  // namespace parley::test
