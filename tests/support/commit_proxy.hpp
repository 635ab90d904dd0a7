// Stands between a node and its MySQL server, and cuts the connection where a COMMIT is on its way.
#pragma once

#include <atomic>
#include <cstdint>
#include <list>
#include <string>
#include <thread>

namespace parley::test {

class commit_proxy {
 public:
  /// Where to cut: the server never hears of the commit; or it is on its way when the connection ends; or the server
  /// has carried it out, and its answer is lost.
  enum class cut { never, before, on_its_way, after };

  /// Listens on an address of this machine.
  explicit commit_proxy(std::uint16_t server_port, const std::string& address = "127.0.0.1");
  ~commit_proxy();
  commit_proxy(const commit_proxy&) = delete;

  std::uint16_t port() const { return port_; }
  /// Each time again, until it is told otherwise.
  void cut_commits(cut where) { where_ = where; }
  /// The next `count` commits, then none.
  void cut_next(cut where, int count) {
    left_ = count;
    where_ = where;
  }
  int cuts() const { return cuts_; }
  /// New connections are refused, old ones cut, until it is told otherwise.
  void close_down(bool closed) { closed_ = closed; }

 private:
  void accept_all();
  void serve(int client);
  cut decide();

  const std::uint16_t server_port_;
  std::uint16_t port_ = 0;
  int listening_ = -1;
  std::atomic<cut> where_{cut::never};
  std::atomic<int> left_{-1};  // below 0: no limit
  std::atomic<int> cuts_{0};
  std::atomic<bool> closed_{false};
  std::atomic<bool> stopping_{false};
  std::list<std::thread> threads_;
  std::thread acceptor_;
};

}  // namespace parley::test
