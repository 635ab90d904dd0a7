#include "host/base/metrics.hpp"

#include <spdlog/fmt/fmt.h>

namespace parley::host {

void metric_cell::add(std::int64_t value) {
  switch (kind_) {
    case metric_kind::counter:
      value_.fetch_add(value, std::memory_order_relaxed);
      return;
    case metric_kind::gauge:
      value_.store(value, std::memory_order_relaxed);
      return;
    case metric_kind::histogram:
      break;
  }
  const auto us = static_cast<std::uint64_t>(value < 0 ? 0 : value);
  value_.fetch_add(static_cast<std::int64_t>(us), std::memory_order_relaxed);
  count_.fetch_add(1, std::memory_order_relaxed);
  std::size_t i = 0;
  while (i < buckets && us > bound(i)) ++i;
  if (i < buckets) histogram_[i].fetch_add(1, std::memory_order_relaxed);
}

void metric_cell::become(metric_kind kind) {
  kind_ = kind;
  value_.store(0, std::memory_order_relaxed);
  count_.store(0, std::memory_order_relaxed);
  for (auto& b : histogram_) b.store(0, std::memory_order_relaxed);
}

metric_cell& metrics::define(metric_kind kind, const std::string& name, const std::string& labels,
                             const std::string& help) {
  std::lock_guard lock(mutex_);
  auto& f = families_.try_emplace(name, family{kind, help, {}}).first->second;
  auto*& cell = f.cells[labels];
  if (cell) return *cell;
  if (spare_.empty()) return *(cell = &cells_.emplace_back(f.kind));
  cell = spare_.back();
  spare_.pop_back();
  cell->become(f.kind);
  return *cell;
}

void metrics::forget(const std::string& name, const std::string& labels) {
  std::lock_guard lock(mutex_);
  const auto known = families_.find(name);
  if (known == families_.end()) return;
  auto& cells = known->second.cells;
  const auto found = cells.find(labels);
  if (found == cells.end()) return;
  spare_.push_back(found->second);
  cells.erase(found);
}

std::string metrics::text() {
  for (auto& refresh : collectors_) refresh();
  static constexpr const char* words[] = {"counter", "gauge", "histogram"};
  std::string out;
  std::lock_guard lock(mutex_);
  for (const auto& [name, f] : families_) {
    out += fmt::format("# HELP {} {}\n# TYPE {} {}\n", name, f.help, name, words[static_cast<int>(f.kind)]);
    for (const auto& [labels, cell] : f.cells) {
      if (f.kind != metric_kind::histogram) {
        out += labels.empty() ? fmt::format("{} {}\n", name, cell->value())
                              : fmt::format("{}{{{}}} {}\n", name, labels, cell->value());
        continue;
      }
      const std::string comma = labels.empty() ? "" : labels + ",";
      const std::string braces = labels.empty() ? "" : "{" + labels + "}";
      std::uint64_t sum = 0;
      for (std::size_t i = 0; i < metric_cell::buckets; ++i) {
        sum += cell->bucket(i);
        out += fmt::format("{}_bucket{{{}le=\"{}\"}} {}\n", name, comma,
                           static_cast<double>(metric_cell::bound(i)) / 1e6, sum);
      }
      out += fmt::format("{}_bucket{{{}le=\"+Inf\"}} {}\n{}_sum{} {}\n{}_count{} {}\n", name, comma, cell->count(),
                         name, braces, static_cast<double>(cell->value()) / 1e6, name, braces, cell->count());
    }
  }
  return out;
}

}  // namespace parley::host
