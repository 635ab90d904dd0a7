// What parley-store tells: progress while it works, a table or JSON at the end.
#pragma once

#include <chrono>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>

namespace parley::store {

class report {
 public:
  report();

  /// On standard error: one line that is written over on a terminal, else a line every few seconds.
  void progress(const std::string& what, std::uint64_t done, std::uint64_t of);
  void say(const std::string& line);

  void set(const std::string& key, nlohmann::ordered_json value) { facts_[key] = std::move(value); }
  void compared(const std::string& table, std::uint64_t rows, std::uint64_t sum);

  /// On standard output.
  void print(bool as_json) const;

 private:
  void clear_line();

  const bool terminal_;
  bool line_open_ = false;
  std::chrono::steady_clock::time_point told_{};
  nlohmann::ordered_json facts_ = nlohmann::ordered_json::object();
  nlohmann::ordered_json tables_ = nlohmann::ordered_json::array();
  std::uint64_t rows_ = 0;
};

}  // namespace parley::store
