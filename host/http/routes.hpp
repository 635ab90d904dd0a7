// Which handler serves a request: an immutable table, replaced as a whole.
#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "host/http/exchange.hpp"
#include "parley/status.hpp"

namespace parley::host {

struct route {
  std::string method = "GET";  // or "*" for any
  std::string path;            // begins with '/'
  bool prefix = false;         // serves every path that begins with `path`, character by character
  std::size_t max_body = 0;    // bytes; a larger body is answered 413
  http_handler handler;
  std::string owner;                 // "host" or a plugin's name, for errors and logs
  bool staged = false;               // the body comes into a file
  http_head_handler head = nullptr;  // asked before the body comes
};

class route_table {
 public:
  struct match {
    const route* found = nullptr;
    std::string allow;  // when only the method is wrong: the methods that would do, for the Allow header
  };

  route_table() = default;
  route_table(const route_table&) = delete;
  route_table& operator=(const route_table&) = delete;

  /// The error names every conflict, and both sides of it.
  static result<std::shared_ptr<const route_table>> of(std::vector<route> routes);
  /// Adds to a table that is not in use yet. The error names both sides of a conflict.
  result<void> add(route r);

  /// The most specific route whose method fits: an exact path before prefixes, a longer prefix before a shorter one, on
  /// one path the method's own route before "*". A GET route serves HEAD too. The path "*" fits nothing and allows
  /// everything.
  match find(std::string_view method, std::string_view path) const;

 private:
  // By method, on one path.
  using methods = std::map<std::string, route, std::less<>>;
  static const route* pick(const methods& on_path, std::string_view method);

  std::map<std::string, methods, std::less<>> exact_;
  std::map<std::string, methods, std::less<>> prefixes_;
};

}  // namespace parley::host
