// What a process wrote and did not sync, kept so that it can be taken away.
#pragma once

#include <sys/stat.h>
#include <sys/types.h>

#include <cstddef>

#include "crash/shim/control.hpp"

namespace parley::crash {

/// The mapped control; never null, an idle one without $PARLEY_SHIM.
shim_control& control();

/// Is it a file? Asked before any lock is taken: signal handlers write to pipes.
bool is_file(int fd);

/// Holds the lock of all logs: a write and its record are one step.
class write_guard {
 public:
  /// Records that [offset, offset + size) of `fd` is about to be written. offset -1: where the descriptor stands.
  write_guard(int fd, off_t offset, std::size_t size);
  ~write_guard();
  write_guard(const write_guard&) = delete;
  write_guard& operator=(const write_guard&) = delete;

  /// The disk is full and this write would make the file longer.
  bool refused() const { return refused_; }

 private:
  bool refused_ = false;
};

/// Records that `fd` is about to get `size` bytes long, and holds the lock.
class truncate_guard {
 public:
  truncate_guard(int fd, off_t size);
  ~truncate_guard();
  truncate_guard(const truncate_guard&) = delete;
  truncate_guard& operator=(const truncate_guard&) = delete;

  bool refused() const { return refused_; }

 private:
  bool refused_ = false;
};

/// Syncs by `sync`; what had been written lasts from then on.
int sync_file(int fd, int (*sync)(int));

/// The descriptor is about to be closed.
void forget(int fd);

/// The file is about to be removed.
void forget(const char* path);

}  // namespace parley::crash
