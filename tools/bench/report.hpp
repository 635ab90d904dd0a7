#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "bench/histogram.hpp"

namespace parley::bench {

/// What a benchmark says at its end: its parameters, its results, whether all it verified held. Printed as a table for
/// people or as one JSON object for scripts.
class report {
 public:
  report(std::string bench, bool json) : bench_(std::move(bench)), json_(json) {}

  void parameter(std::string_view name, std::string_view value);
  void parameter(std::string_view name, std::uint64_t value);

  void count(std::string_view name, std::uint64_t value);
  void rate(std::string_view name, std::uint64_t events, std::uint64_t nanoseconds);
  void quantity(std::string_view name, double value, std::string_view unit);
  /// NAME_p50_ms, _p99_ms and _p999_ms. No maximum: on a shared machine it measures the scheduler.
  void latency(std::string_view name, const histogram& times);

  /// Must be 0, else the run failed.
  void violations(std::string_view name, std::uint64_t value);
  /// Fails the run with a sentence.
  void fail(std::string sentence);
  void remark(std::string sentence) { remarks_.push_back(std::move(sentence)); }

  /// To standard output. Returns the exit code: 0, or 1 when anything was violated.
  int print() const;

 private:
  struct line {
    std::string name;
    std::string json;   ///< value as JSON
    std::string shown;  ///< value for people
  };

  void print_table() const;
  void print_json() const;

  std::string bench_;
  bool json_;
  bool failed_ = false;
  std::vector<line> parameters_;
  std::vector<line> results_;
  std::vector<std::string> remarks_;
};

}  // namespace parley::bench
