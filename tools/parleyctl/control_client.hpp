// One request on a node's control socket.
#pragma once

#include <functional>
#include <nlohmann/json.hpp>
#include <string>

namespace parleyctl {

/// Blocking; errors are thrown as std::runtime_error with a sentence for the operator.
class control_client {
 public:
  explicit control_client(const std::string& path);
  control_client(const control_client&) = delete;
  ~control_client();

  /// Sends one request and hands every line but the last to `each`; the last is returned: {"ok":...}.
  nlohmann::ordered_json request(const std::string& verb, const nlohmann::ordered_json& args,
                                 const std::function<void(const nlohmann::ordered_json&)>& each);

 private:
  bool read_line(std::string& line);
  std::string path_;
  int fd_ = -1;
  std::string input_;
};

}  // namespace parleyctl
