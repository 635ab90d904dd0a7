// The host's log: a logger per module (net, dispatch, plugin, pool, http, control, node), a level each. [any]
#pragma once

#include <spdlog/spdlog.h>

#include <memory>
#include <string>
#include <string_view>

#include "host/base/log_ring.hpp"
#include "host/config/manifest.hpp"

namespace parley::host {

/// Sets sinks and levels from the manifest; before, everything goes to stderr at level info.
void configure_log(const log_config& config);

/// The logger of a module or plugin; made at first use.
std::shared_ptr<spdlog::logger> log_of(const std::string& module);

/// What was logged last, wherever else it goes.
log_ring& newest_log();

/// Text from outside, made safe for a terminal and a line: control characters and invalid bytes as \xNN, at most 1 KiB.
std::string printable(std::string_view text);

/// Lets one line per key and minute through, so that a stranger cannot flood the log. At most 4096 keys are remembered.
/// [loop]
class log_gate {
 public:
  /// True when this one is to be logged; `suppressed` gets how many were not since the last.
  bool open(const std::string& key, std::uint64_t now_ms, std::uint64_t& suppressed);

 private:
  struct entry {
    std::uint64_t since;
    std::uint64_t suppressed;
  };
  std::map<std::string, entry> seen_;
};

}  // namespace parley::host
