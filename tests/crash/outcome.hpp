// All episodes together: the verdict, for people and as JSON.
#pragma once

#include <string>
#include <vector>

#include "crash/episode.hpp"

namespace parley::crash {

class outcome {
 public:
  explicit outcome(const options& o) : options_(o) {}

  void add(episode_result one) { episodes_.push_back(std::move(one)); }

  /// Violations with their evidence and how to see one again.
  static std::string describe(const options& o, const episode_result& one);
  /// One table and one sentence.
  std::string text() const;
  std::string json() const;
  /// 0 or 1, as --help says.
  int status() const;

 private:
  /// Nothing when every fault bit and messages were acked; else why the run shows nothing.
  std::string proved_nothing() const;
  bool found_what_it_must() const;
  std::size_t broken() const;
  std::string sentence() const;
  std::map<fault, struck> faults() const;
  verdict_counts counts() const;

  const options& options_;
  std::vector<episode_result> episodes_;
};

}  // namespace parley::crash
