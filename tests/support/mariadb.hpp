// A real mariadbd as a child process, with a data directory, a port and a socket of its own.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "support/process.hpp"
#include "support/temp_dir.hpp"

namespace parley::test {

/// The data directory is installed once per build directory and copied for each server; a start takes half a second.
/// Default durability, as long as nothing else is asked for.
class mariadb {
 public:
  struct options {
    std::vector<std::string> arguments;              ///< of mariadbd, on top of what every test server gets
    std::map<std::string, std::string> environment;  ///< LD_PRELOAD of a shim, say
    std::vector<std::string> databases{"parley"};    ///< made empty
  };

  /// Starts it and waits until it serves; throws failure with the end of its log when it does not.
  mariadb() : mariadb(options{}) {}
  explicit mariadb(options what);
  ~mariadb();
  mariadb(const mariadb&) = delete;
  mariadb& operator=(const mariadb&) = delete;

  std::uint16_t port() const { return port_; }
  std::string socket() const { return (scratch_.path() / "sock").string(); }
  std::string data() const { return (scratch_.path() / "data").string(); }
  pid_t pid() const { return process_->pid(); }
  /// False once it has ended, by itself or by order.
  bool running() { return process_->running(); }
  /// For a pool, as a user who may what a node needs and nothing more; by TCP. `more` is "?key=value" or empty.
  std::string url(const std::string& database = "parley", const std::string& more = {}) const;
  /// The same at another place: a proxy's.
  static std::string url_at(std::uint16_t port, const std::string& database = "parley", const std::string& more = {},
                            const std::string& address = "127.0.0.1");

  void start();
  /// Without a word to anybody; what was committed is there after start().
  void kill9() { process_->kill9(); }
  /// SIGTERM, and its end.
  void stop();
  void restart() {
    kill9();
    start();
  }
  void freeze();
  void thaw();

  /// As the administrator, statement by statement behind `;` at line ends; the first column of the first row of the
  /// last of them, if any. Throws failure on an error.
  std::string run(const std::string& sql, const std::string& database = {});
  std::string log() const { return read_file(scratch_.path() / "log"); }

 private:
  options options_;
  temp_dir scratch_;
  std::uint16_t port_ = 0;
  std::unique_ptr<process> process_;
};

/// Whether the tests of this run are to use MariaDB: PARLEY_TEST_SQL=mariadb. ctest sets it for those labelled so.
bool on_mariadb();

/// One server for this process, started at first use: for tests that take a database each.
mariadb& shared_mariadb();
/// A new empty database of shared_mariadb(); its name.
std::string fresh_mariadb_database();

}  // namespace parley::test
