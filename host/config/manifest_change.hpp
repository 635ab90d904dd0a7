// What a changed manifest asks of a running node.
#pragma once

#include <string>
#include <vector>

#include "host/config/manifest.hpp"

namespace parley::host {

struct manifest_change {
  std::vector<diagnostic> needs_restart;  // not empty: nothing is applied
  std::vector<std::string> make;          // plugins that are new, or have other settings
  std::vector<std::string> gone;
  bool order = false;  // the plugins' order, which is their filters'
  bool log = false;
  bool limits = false;  // of listeners, of draining, of reloading

  bool none() const { return make.empty() && gone.empty() && !order && !log && !limits; }
  /// "plugins: reload echo; remove route; log levels"
  std::string to_string() const;
};

/// Marks are of no account: a comment that is added changes nothing.
manifest_change compare(const manifest& now, const manifest& wanted);

}  // namespace parley::host
