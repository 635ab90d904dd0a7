// Generations on their way out: what is in flight ends, every thread has left the code, then it is unmapped, with
// proof.
#pragma once

#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "host/node/pools.hpp"
#include "host/node/services.hpp"
#include "host/node/side_thread.hpp"
#include "host/plugin/generation.hpp"

namespace parley::host {

class plugin_exchanges;

/// Told at the turns of a generation's life, for whoever keeps a record of what lies where (crash records). All of them
/// may be empty. [loop]
struct generation_observer {
  std::function<void(const generation&)> active;
  /// `now` serves; a crash would be its fault and go back to `before`.
  std::function<void(const generation& now, const generation& before)> probation;
  std::function<void(const generation&)> probation_over;
  std::function<void(const std::string& name, std::uint32_t number)> unmapped;
};

struct retirement_counts {
  std::uint64_t retired = 0;           // destroyed
  std::uint64_t unmapped = 0;          // of these, verified
  std::uint64_t stuck = 0;             // of these, kept by the loader
  std::vector<std::uint64_t> loop_us;  // CPU of the loop that each life cycle took, the newest 4096
};

/// [loop]
class retirements {
 public:
  retirements(node_services& services, pools& p, side_thread& side) : services_(services), pools_(p), side_(side) {}
  retirements(const retirements&) = delete;

  /// It serves no longer and nobody goes back to it. It has `deadline_ms` to finish what it has begun.
  void take(std::unique_ptr<generation> g, std::uint64_t deadline_ms);
  /// Each takes its next step if it can. True while there is anything to come back for soon.
  bool step();

  /// Those that cannot go: pins left after everything was cancelled, or kept by the loader.
  std::size_t lingering() const;
  const retirement_counts& counts() const { return counts_; }
  /// Everybody on the way out, and what keeps them.
  std::vector<const generation*> leaving() const;
  /// Names of what the loader keeps.
  const std::vector<std::string>& stuck() const { return stuck_; }
  /// At the end of the node: who is still here.
  std::vector<std::unique_ptr<generation>> give_back();

  generation_observer* observer = nullptr;
  plugin_exchanges* exchanges = nullptr;

 private:
  struct leaving_one {
    std::unique_ptr<generation> g;
    std::uint64_t deadline_ms = 0;
    std::uint64_t turn = 0;
    grace_period threads;
  };
  bool advance(leaving_one& one);  // true when it is done with
  void cancel(leaving_one& one);
  void linger(leaving_one& one);
  void begin_grace(leaving_one& one);
  void destroy(leaving_one& one);
  void unmap(generation& g);

  node_services& services_;
  pools& pools_;
  side_thread& side_;
  std::vector<leaving_one> leaving_;
  retirement_counts counts_;
  std::vector<std::string> stuck_;
  std::size_t unmapping_ = 0;
};

/// What is in flight on a generation: kind, where it was made, age; the oldest first, at most `most`.
nlohmann::ordered_json pins_json(const generation& g, std::uint64_t now_ms, std::size_t most = 20);

/// Adds the CPU time that this thread takes to `sum`, in ns.
class cpu_cost {
 public:
  explicit cpu_cost(std::uint64_t& sum) : sum_(sum), begun_(now()) {}
  cpu_cost(const cpu_cost&) = delete;
  ~cpu_cost() { sum_ += now() - begun_; }

 private:
  static std::uint64_t now();
  std::uint64_t& sum_;
  std::uint64_t begun_;
};

}  // namespace parley::host
