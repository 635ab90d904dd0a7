// A directory by HTTP, as msfs serves it: one request on a connection, the first part of the path is no directory.
#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <string>
#include <thread>

namespace parley::test {

class file_server {
 public:
  explicit file_server(std::filesystem::path base);
  ~file_server();
  file_server(const file_server&) = delete;

  std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }
  int requests() const { return requests_; }
  /// Answers 500 from now on, or does not any more.
  void break_down(bool broken) { broken_ = broken; }

 private:
  void serve();
  void answer(int fd);

  const std::filesystem::path base_;
  int listening_ = -1;
  std::uint16_t port_ = 0;
  std::atomic<bool> stopping_{false}, broken_{false};
  std::atomic<int> requests_{0};
  std::thread thread_;
};

}  // namespace parley::test
