// Numbers in /metrics, shown as parley_<plugin>_<name>. Define on the loop, add anywhere.
#pragma once

#include "edge.hpp"

namespace parley {

class metric {
 public:
  metric(const edge* e, std::uint32_t kind, const char* name, const char* help)
      : edge_(e), id_(e->metrics->define(e->self, kind, name, help)) {}
  void add(std::int64_t value = 1) const { edge_->metrics->add(edge_->self, id_, value); }

 private:
  const edge* edge_;
  std::uint32_t id_;
};

struct counter : metric {
  counter(const edge* e, const char* name, const char* help) : metric(e, PARLEY_COUNTER, name, help) {}
};
struct gauge : metric {
  gauge(const edge* e, const char* name, const char* help) : metric(e, PARLEY_GAUGE, name, help) {}
  void set(std::int64_t value) const { add(value); }
};
struct histogram : metric {
  histogram(const edge* e, const char* name, const char* help) : metric(e, PARLEY_HISTOGRAM, name, help) {}
  void observe_us(std::int64_t microseconds) const { add(microseconds); }
};

}  // namespace parley
