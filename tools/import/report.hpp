// What an import tells: progress while it runs, a table or JSON at its end.
#pragma once

#include <chrono>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace parley::teamtalk {

class report {
 public:
  explicit report(bool dry) : dry_(dry) {}

  /// What follows is about this step.
  void begin(const std::string& step);
  /// "done", "to do", "was done", "skipped".
  void end(const std::string& state);

  void count(const std::string& name, std::uint64_t value);
  /// Something the operator should know; the first few of a kind, please.
  void remark(std::string sentence);

  /// On standard error, once a second at most.
  void progress(std::uint64_t done, std::uint64_t of);
  void say(const std::string& line) const;

  std::string table() const;
  std::string json() const;

 private:
  struct entry {
    std::string step, state;
    nlohmann::ordered_json counts = nlohmann::ordered_json::object();
    std::vector<std::string> remarks;
  };
  const bool dry_;
  std::vector<entry> entries_;
  std::chrono::steady_clock::time_point told_{};
};

}  // namespace parley::teamtalk
