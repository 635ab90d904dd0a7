// What earlier crashes mean for a node that starts: which plugins stay out, and which start with the file before.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "host/crash/record.hpp"

namespace parley::host::crash {

/// Out of service until it is lifted by hand.
struct quarantine {
  std::string plugin;
  std::uint64_t since_ms = 0;  // unix
  std::string reason;          // a sentence for people
};

/// A build that crashed in its probation is not loaded again; the one before is.
struct file_override {
  std::string plugin;
  std::string file;        // what is loaded, in DATA/kept
  std::string instead_of;  // digest of the build that crashed
  std::string reason;
};

inline constexpr std::size_t quarantine_after = 3;                 // crashes
inline constexpr std::uint64_t quarantine_within_ms = 10 * 60000;  // of each other

/// Kept in DATA/supervision.json, so that it holds over restarts. Everything blocks for a few small files. [loop]
class aftermath {
 public:
  /// Reads what is known and the records that came since. `by_hand`: this start is no restart after a crash; what is in
  /// quarantine gets another chance, and crashes before now do not count any more.
  aftermath(const std::string& data, bool by_hand, std::uint64_t now_ms);

  const quarantine* quarantined(const std::string& plugin) const;
  const std::vector<quarantine>& quarantines() const { return quarantines_; }
  const std::vector<file_override>& overrides() const { return overrides_; }
  /// What to load for a plugin whose build is `file`: that, or the generation before while `file` is still the build
  /// that crashed. A newer build ends the override.
  std::string file_for(const std::string& plugin, const std::string& file);
  /// The quarantine ends, and its crashes up to now do not count any more. False when there was none.
  bool lift(const std::string& plugin, std::uint64_t now_ms);
  /// A reload of the plugin has passed its swap: what was kept for it is of no use any more.
  void reloaded(const std::string& plugin);
  /// Since the last start, newest first; for the log.
  const std::vector<record>& fresh() const { return fresh_; }

 private:
  void load();
  void save() const;
  void count(std::uint64_t now_ms);
  void go_back(const record& r);
  void drop_override(const std::string& plugin);

  std::string data_;
  std::vector<quarantine> quarantines_;
  std::vector<file_override> overrides_;
  std::map<std::string, std::uint64_t> forgiven_ms_;  // plugin -> crashes up to then do not count; "" is all of them
  std::uint64_t seen_ms_ = 0;                         // records up to then have been acted on
  std::vector<record> records_;
  std::vector<record> fresh_;
};

/// SHA-256 of a file's bytes in hex; empty when it cannot be read.
std::string digest_of_file(const std::string& file);

}  // namespace parley::host::crash
