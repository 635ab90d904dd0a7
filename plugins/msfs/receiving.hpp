// From a staged body to a file that only waits for its name. [worker]
#pragma once

#include <cstdint>
#include <string>

#include "disk.hpp"
#include "faults.hpp"

namespace msfs {

struct received {
  fault why = fault::none;
  std::string sentence;  // 13 and 15: for the log and the client
  incoming file;         // complete and synced
  std::string path;      // in the store
  std::uint64_t size = 0;
};

/// `boundary` is boundary_of()'s. Nothing is left behind where it fails.
received receive(const disk& into, const std::string& body_file, const std::string& boundary,
                 std::uint64_t max_file, std::uint64_t unix_us);

}  // namespace msfs
