// A real parleyd as a child process, on ports of its own and with data of its own.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>

#include "support/control_client.hpp"
#include "support/mariadb.hpp"
#include "support/process.hpp"
#include "support/redis_server.hpp"
#include "support/temp_dir.hpp"

namespace parley::test {

/// Where the build put things; PARLEY_TEST_BUILD names another build's directory to test.
std::string build_directory();
std::string parleyd();
std::string parleyctl();
std::string parley_chat();
std::string plugin_file(const std::string& name);
std::string bad_plugin_file(const std::string& name);
std::string all_in_one_manifest();
/// config/cluster/NAME.yaml.
std::string cluster_manifest(const std::string& name);

/// With PARLEY_TEST_CACHE=redis in the environment every server gets a Redis of its own for its cache.
class server {
 public:
  struct options {
    std::string manifest = all_in_one_manifest();
    std::map<std::string, std::string> environment;  ///< on top of what every test server gets
    std::string data;                                ///< empty = a temporary directory of its own
    std::string control = "parleyd.sock";            ///< below the data directory
    bool dev = false;                                ///< parleyd run --dev
    bool supervised = false;                         ///< as people run it; else pid() and signals are the node's own
    std::vector<std::string> before{};               ///< of its command line: what runs it elsewhere
  };

  /// Starts it and waits until it serves; throws failure with the end of its log when it does not.
  server() : server(options{}) {}
  explicit server(options what);
  ~server();

  std::uint16_t pdu_port() const { return pdu_port_; }
  std::uint16_t http_port() const { return http_port_; }
  std::string data() const { return data_; }
  std::string socket_path() const { return data_ + "/" + options_.control; }
  const std::map<std::string, std::string>& environment() const { return environment_; }
  pid_t pid() const { return process_->pid(); }
  bool running() { return process_->running(); }

  void start() {
    spawn();
    wait_until_ready();
  }
  void spawn();
  /// Throws failure with the end of its log when it does not get ready.
  void wait_until_ready();
  void kill9() { process_->kill9(); }
  /// SIGTERM, and its end; throws failure when it does not come in time.
  ending terminate(milliseconds time = milliseconds(20000));
  /// On the same data; the ports change.
  void restart();

  control_client control() { return control_client(socket_path()); }
  /// One host or plugin verb; throws failure when the node says no.
  json ask(const std::string& verb, const json& args = json::object()) { return control().ask(verb, args); }
  json status() { return ask("status"); }
  /// With the password password_of(name); the new id.
  std::uint32_t add_user(const std::string& name);

  /// In its database, as a second program would; the first column of the first row, if any.
  std::string run_sql(const std::string& sql);
  /// Its own, when the tests of this run use MariaDB and the options name no other; else null.
  mariadb* database_server() { return mariadb_.get(); }

  /// Everything it wrote to stderr, over all its lives.
  std::string log() const { return read_file(log_file_); }
  std::size_t resident_bytes() const;

 private:
  options options_;
  temp_dir scratch_;
  std::string data_;
  std::string log_file_;
  std::map<std::string, std::string> environment_;
  std::unique_ptr<redis_server> redis_;
  std::unique_ptr<mariadb> mariadb_;
  std::unique_ptr<process> process_;
  std::uint16_t pdu_port_ = 0;
  std::uint16_t http_port_ = 0;
};

}  // namespace parley::test
