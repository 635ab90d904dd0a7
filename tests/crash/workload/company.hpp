// All actors, on one loop in one thread.
#pragma once

#include <memory>
#include <thread>

#include "crash/workload/role.hpp"
#include "crash/workload/stage.hpp"

namespace parley::crash {

class company {
 public:
  /// They begin at once. `on.people` and `on.members` are complete.
  company(stage& on, const cast& who, std::uint64_t seed);
  ~company();
  company(const company&) = delete;
  company& operator=(const company&) = delete;

  /// Ends the play; what the terminals saw.
  history end();

 private:
  void play(const cast& who, std::uint64_t seed);

  stage& stage_;
  history seen_;
  std::thread thread_;
};

}  // namespace parley::crash
