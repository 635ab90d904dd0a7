// The plugin's manifest keys, checked by the host before the plugin is made. [any]
#pragma once

#include <string_view>

#include "bytes.hpp"
#include "edge.hpp"

namespace parley {

class configuration {
 public:
  explicit configuration(const edge* e) : edge_(e) {}
  std::string_view text(const char* key) const { return view(edge_->config->text(edge_->self, key)); }
  std::int64_t number(const char* key) const { return edge_->config->number(edge_->self, key); }
  bool flag(const char* key) const { return number(key) != 0; }

 private:
  const edge* edge_;
};

}  // namespace parley
