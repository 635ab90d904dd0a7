// A real redis-server as a child process, with a socket, a port and a directory of its own, and nothing saved.
#pragma once

#include <signal.h>

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "support/process.hpp"
#include "support/temp_dir.hpp"

namespace parley::test {

class redis_server {
 public:
  /// More of its options, as on its command line: {"--maxmemory", "1mb"}. Throws failure when it does not come.
  explicit redis_server(std::vector<std::string> options = {});
  ~redis_server();
  redis_server(const redis_server&) = delete;

  /// redis+unix://..., the form that needs no port.
  std::string url() const { return "redis+unix://" + socket_; }
  std::string socket() const { return socket_; }
  /// 0 unless started with listen().
  std::uint16_t port() const { return port_; }
  /// Starts it again with a TCP port on 127.0.0.1, too.
  void listen();
  pid_t pid() const { return process_->pid(); }

  void start();
  void kill9() { process_->kill9(); }
  void freeze() { process_->signal(SIGSTOP); }
  void thaw() { process_->signal(SIGCONT); }

  /// One command on a connection of its own, as another program would send it; throws failure on an error. Arrays are
  /// one line per element, nil is "(nil)".
  std::string ask(const std::vector<std::string>& words, const std::string& password = {});
  std::map<std::string, std::string> hash(const std::string& key);
  std::size_t count(const std::string& pattern);

 private:
  void spawn();
  bool answers();

  temp_dir directory_;
  std::vector<std::string> options_;
  std::string socket_;
  std::uint16_t port_ = 0;
  std::unique_ptr<process> process_;
};

}  // namespace parley::test
