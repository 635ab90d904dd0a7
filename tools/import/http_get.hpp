// One file by HTTP: blocking, with time limits.
#pragma once

#include <cstddef>
#include <string>

namespace parley::teamtalk {

struct http_answer {
  int status = 0;  // 0: none, see error
  bool too_large = false;
  std::string body;
  std::string error;
};

/// At most `most` bytes of body. What is shorter than its Content-Length is an error.
http_answer http_get(const std::string& host, const std::string& port, const std::string& path, std::size_t most);

}  // namespace parley::teamtalk
