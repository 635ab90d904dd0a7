// The node's numbers: counters, gauges and histograms, shown as Prometheus text.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <vector>

namespace parley::host {

enum class metric_kind : std::uint32_t { counter = 0, gauge = 1, histogram = 2 };

/// One metric of one label set. Written from any thread.
class metric_cell {
 public:
  explicit metric_cell(metric_kind kind) : kind_(kind) {}
  metric_kind kind() const { return kind_; }
  /// As new, of another kind. Nobody else knows it.
  void become(metric_kind kind);
  void add(std::int64_t value);
  /// What somebody else counts, as it stands.
  void set(std::int64_t value) { value_.store(value, std::memory_order_relaxed); }
  std::int64_t value() const { return value_.load(std::memory_order_relaxed); }

  /// Upper bounds in microseconds, doubling from 64 us to 134 s.
  static constexpr std::size_t buckets = 22;
  static std::uint64_t bound(std::size_t bucket) { return std::uint64_t{64} << bucket; }
  std::uint64_t bucket(std::size_t i) const { return histogram_[i].load(std::memory_order_relaxed); }
  std::uint64_t count() const { return count_.load(std::memory_order_relaxed); }

 private:
  metric_kind kind_;
  std::atomic<std::int64_t> value_{0};  // a histogram's sum
  std::atomic<std::uint64_t> count_{0};
  std::array<std::atomic<std::uint64_t>, buckets> histogram_{};
};

class metrics {
 public:
  /// The same name and labels give the same cell, valid as long as this. labels as in `plugin="echo"`, or empty. [any]
  metric_cell& define(metric_kind kind, const std::string& name, const std::string& labels, const std::string& help);
  /// Takes back what define() made; the cell is not to be touched any more. [any]
  void forget(const std::string& name, const std::string& labels);
  /// Numbers that somebody else keeps are read when the text is made. [loop]
  void collect(std::function<void()> refresh) { collectors_.push_back(std::move(refresh)); }
  /// Prometheus text format. [loop]
  std::string text();

 private:
  struct family {
    metric_kind kind;
    std::string help;
    std::map<std::string, metric_cell*> cells;
  };
  std::mutex mutex_;
  std::map<std::string, family> families_;
  std::deque<metric_cell> cells_;
  std::vector<metric_cell*> spare_;  // forgotten
  std::vector<std::function<void()>> collectors_;
};

}  // namespace parley::host
