// What control verbs and HTTP requests of a test are answered.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "../status.hpp"

namespace parley::testing {

struct verb_answer {
  status code = status::ok;
  std::string text;                   // ok: the result, JSON; else the sentence that says why not
  std::vector<std::string> progress;  // what it told before, oldest first

  explicit operator bool() const { return code == status::ok; }
};

using http_headers = std::vector<std::pair<std::string, std::string>>;  // name, value

struct http_answer {
  unsigned code = 0;     // 200 ...
  http_headers headers;  // as they came
  std::string body;

  /// The first of that name in any case, or "".
  std::string header(const std::string& name) const;
};

}  // namespace parley::testing
