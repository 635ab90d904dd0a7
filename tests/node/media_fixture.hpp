#pragma once

#include <filesystem>

#include "node/fixture.hpp"
#include "support/multipart.hpp"
#include "support/picture.hpp"

namespace parley::test {

/// What an upload was answered, and what of it counts.
struct upload_answer {
  http_response raw;
  int code = -1;     ///< error_code; -1: no such answer
  std::string path;  ///< "g0/..."
};

inline upload_answer upload_to(std::uint16_t port, const std::string& name, const std::string& content,
                               const std::string& more_headers = {}) {
  const auto body = form_with(name, content);
  upload_answer out;
  out.raw = http_raw(port,
                     "POST /upload/ HTTP/1.1\r\nHost: im.example\r\nContent-Type: multipart/form-data; boundary=" +
                         std::string(form_boundary) + "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n" +
                         more_headers + "\r\n" + body,
                     milliseconds(30000));
  const auto told = json::parse(out.raw.body, nullptr, false);
  if (told.is_object()) {
    out.code = told.value("error_code", -1);
    out.path = told.value("path", "");
  }
  return out;
}

class media_test : public node_test {
 protected:
  upload_answer upload(const std::string& name, const std::string& content, const std::string& more_headers = {}) {
    return upload_to(node().http_port(), name, content, more_headers);
  }
  http_response get(const std::string& path, const std::string& more_headers = {}, const std::string& method = "GET") {
    return http_raw(node().http_port(),
                    method + " " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n" + more_headers + "\r\n",
                    milliseconds(30000));
  }
  std::filesystem::path store() { return std::filesystem::path(node().data()) / "plugins/msfs/files"; }
  std::size_t unfinished() {
    return static_cast<std::size_t>(
        std::distance(std::filesystem::directory_iterator(store() / ".parley/incoming"), {}));
  }
  /// The check after a start is over: the next one is the test's own.
  void after_the_first_check() {
    node();
    ASSERT_TRUE(eventually([&] { return count("parley_msfs_checks") >= 1; }, milliseconds(10000)));
  }
  static bool has_header(const http_response& answer, const std::string& line) {
    return (answer.head + "\r\n").find("\r\n" + line + "\r\n") != std::string::npos;
  }
};

}  // namespace parley::test
