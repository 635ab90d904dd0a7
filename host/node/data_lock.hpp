// One node per data directory.
#pragma once

#include <string>

#include "parley/status.hpp"

namespace parley::host {

/// Held until destroyed or the process dies, however it dies.
class data_lock {
 public:
  data_lock() = default;
  data_lock(const data_lock&) = delete;
  ~data_lock();
  /// Makes the directory when missing. The error names the process that holds it.
  result<void> take(const std::string& directory);

 private:
  int fd_ = -1;
};

}  // namespace parley::host
