// A receiver of webhooks: one request on a connection, each answered as the test says.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <nlohmann/json.hpp>
#include <string>
#include <thread>
#include <vector>

namespace parley::test {

struct webhook_request {
  std::string method;
  std::string path;
  std::map<std::string, std::string> headers;  // names in lower case
  std::string body;

  std::string header(const std::string& name) const {
    const auto found = headers.find(name);
    return found == headers.end() ? "" : found->second;
  }
  /// Whether its signature is HMAC-SHA256 of timestamp and body under the secret.
  bool signed_with(const std::string& secret) const;
  nlohmann::json records() const { return nlohmann::json::parse(body).at("records"); }
};

struct webhook_answer {
  int code = 200;
  std::string body = "{}";
  std::string headers;  // whole lines, each with its \r\n
  bool hang = false;    // says nothing and closes
};

class webhook_receiver {
 public:
  /// Answers the request of that number, from 0 on.
  using answerer = std::function<webhook_answer(std::size_t number, const webhook_request&)>;
  explicit webhook_receiver(answerer answer = [](std::size_t, const webhook_request&) { return webhook_answer{}; });
  ~webhook_receiver();
  webhook_receiver(const webhook_receiver&) = delete;

  std::string url() const { return "http://127.0.0.1:" + std::to_string(port_) + "/hook"; }
  std::vector<webhook_request> requests() const;
  std::size_t count() const { return requests().size(); }

 private:
  void serve();
  void answer(int fd);

  answerer answer_;
  int listening_ = -1;
  std::uint16_t port_ = 0;
  std::atomic<bool> stopping_{false};
  mutable std::mutex mutex_;
  std::vector<webhook_request> requests_;
  std::thread thread_;
};

}  // namespace parley::test
