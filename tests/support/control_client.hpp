// The operator's side of a node: one JSON line in, progress lines and one answer out.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "support/socket.hpp"

namespace parley::test {

using nlohmann::json;

struct control_answer {
  bool ok = false;
  json result;        ///< when ok
  std::string code;   ///< else: "busy", "malformed" ...
  std::string error;  ///< a sentence
  std::vector<std::string> progress;
};

/// A connection to $PARLEY_DATA/parleyd.sock.
class control_client {
 public:
  /// Throws failure when nobody listens.
  explicit control_client(const std::string& path) : socket_(stream_socket::local(path)) {}

  control_answer call(const std::string& verb, const json& args = json::object(),
                      milliseconds time = milliseconds(20000));
  /// The result; throws failure when the node says no.
  json ask(const std::string& verb, const json& args = json::object());

  /// A line as it is, for what a node must refuse; the raw answer line, empty when it closed.
  std::string raw(const std::string& line, milliseconds time = answer_time);

 private:
  std::string read_line(steady::time_point deadline);
  stream_socket socket_;
  std::string unread_;
};

}  // namespace parley::test
