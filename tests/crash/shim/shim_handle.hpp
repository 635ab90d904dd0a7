// The test's end of the shim: one per process that it is loaded into.
#pragma once

#include <map>
#include <string>

#include "crash/shim/control.hpp"
#include "crash/shim/power_cut.hpp"
#include "support/temp_dir.hpp"

namespace parley::crash {

/// Is the shim built? Not in sanitized builds: sanitizers want to be loaded before any preload.
bool shim_exists();

class shim_handle {
 public:
  shim_handle();
  ~shim_handle();
  shim_handle(const shim_handle&) = delete;
  shim_handle& operator=(const shim_handle&) = delete;

  /// What loads the shim into a process, for its files below that directory.
  std::map<std::string, std::string> environment(const std::filesystem::path& watched) const;
  shim_control& control() { return *control_; }
  /// The process is dead: its files below `data` lose what it had not synced. Returns the bytes taken away.
  std::uint64_t cut_power(const std::filesystem::path& data, loss how, std::uint64_t seed);
  /// Everything behaves again.
  void mend();

 private:
  test::temp_dir directory_;
  shim_control* control_ = nullptr;
};

}  // namespace parley::crash
