// A preload shim that makes a process's disk and clock misbehave on command.
//
// Rationale: kill -9 leaves the page cache, so by itself it shows nothing about durability. For each file below
// $PARLEY_SHIM_DATA the shim appends what a write replaces to a log in $PARLEY_SHIM/undo, and empties that log when the
// file was synced. After the process is dead, crash/shim/power_cut.hpp undoes the logs: the disk is then as after a
// power cut. Names (made, renamed, removed files) are taken for lasting at once; io_uring, native AIO and written
// mappings are not seen: what is tested has to be started without them. crash/shim/control.hpp is what a test can order
// besides.
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#include "crash/shim/real.hpp"
#include "crash/shim/undo_log.hpp"

using namespace parley::crash;

namespace {

constexpr off_t where_it_stands = -1;

std::size_t total(const iovec* parts, int count) {
  std::size_t out = 0;
  for (int i = 0; i < count; ++i) out += parts[i].iov_len;
  return out;
}

/// Does `call()` unless the disk is full.
template <class Call>
auto guarded(int fd, off_t offset, std::size_t size, Call&& call) -> decltype(call()) {
  const write_guard guard(fd, offset, size);
  if (!guard.refused()) return call();
  errno = ENOSPC;
  return -1;
}

template <class Call>
auto writing(int fd, off_t offset, std::size_t size, Call&& call) -> decltype(call()) {
  return is_file(fd) ? guarded(fd, offset, size, call) : call();
}

int cut_or_grow(int fd, off_t size, int (*cut)(int, off_t)) {
  if (!is_file(fd)) return cut(fd, size);
  const truncate_guard guard(fd, size);
  if (!guard.refused()) return cut(fd, size);
  errno = ENOSPC;
  return -1;
}

/// The wall clock as the test wants it; the others stay true.
time_t shift() {
  const auto by = control().clock_shift_s.load(std::memory_order_relaxed);
  if (by != 0) control().shifted.fetch_add(1, std::memory_order_relaxed);
  return static_cast<time_t>(by);
}

}  // namespace

extern "C" {

ssize_t write(int fd, const void* data, size_t size) {
  return writing(fd, where_it_stands, size,
                 [&] { return real<"write", ssize_t(int, const void*, size_t)>()(fd, data, size); });
}
ssize_t pwrite64(int fd, const void* data, size_t size, off_t offset) {
  return writing(fd, offset, size,
                 [&] { return real<"pwrite64", ssize_t(int, const void*, size_t, off_t)>()(fd, data, size, offset); });
}
ssize_t pwrite(int fd, const void* data, size_t size, off_t offset) {
  return pwrite64(fd, data, size, offset);
}
ssize_t writev(int fd, const iovec* parts, int count) {
  return writing(fd, where_it_stands, total(parts, count),
                 [&] { return real<"writev", ssize_t(int, const iovec*, int)>()(fd, parts, count); });
}
ssize_t pwritev64(int fd, const iovec* parts, int count, off_t offset) {
  return writing(fd, offset, total(parts, count),
                 [&] { return real<"pwritev64", ssize_t(int, const iovec*, int, off_t)>()(fd, parts, count, offset); });
}
ssize_t pwritev(int fd, const iovec* parts, int count, off_t offset) {
  return pwritev64(fd, parts, count, offset);
}

int ftruncate64(int fd, off_t size) {
  return cut_or_grow(fd, size, real<"ftruncate64", int(int, off_t)>());
}
int ftruncate(int fd, off_t size) {
  return ftruncate64(fd, size);
}
/// Returns its error instead of setting errno.
int posix_fallocate64(int fd, off_t offset, off_t size) {
  const auto call = real<"posix_fallocate64", int(int, off_t, off_t)>();
  if (!is_file(fd)) return call(fd, offset, size);
  const write_guard guard(fd, offset, 0);
  return control().full ? ENOSPC : call(fd, offset, size);
}
int posix_fallocate(int fd, off_t offset, off_t size) {
  return posix_fallocate64(fd, offset, size);
}
int fallocate64(int fd, int mode, off_t offset, off_t size) {
  return guarded(fd, offset, static_cast<std::size_t>(size),
                 [&] { return real<"fallocate64", int(int, int, off_t, off_t)>()(fd, mode, offset, size); });
}
int fallocate(int fd, int mode, off_t offset, off_t size) {
  return fallocate64(fd, mode, offset, size);
}

int fsync(int fd) {
  return sync_file(fd, real<"fsync", int(int)>());
}
int fdatasync(int fd) {
  return sync_file(fd, real<"fdatasync", int(int)>());
}

int close(int fd) {
  forget(fd);
  return real<"close", int(int)>()(fd);
}
int unlink(const char* path) {
  forget(path);
  return real<"unlink", int(const char*)>()(path);
}
int remove(const char* path) {
  forget(path);
  return real<"remove", int(const char*)>()(path);
}

int clock_gettime(clockid_t clock, timespec* out) {
  const int outcome = real<"clock_gettime", int(clockid_t, timespec*)>()(clock, out);
  if (outcome == 0 && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE)) out->tv_sec += shift();
  return outcome;
}
int gettimeofday(timeval* out, void* zone) {
  const int outcome = real<"gettimeofday", int(timeval*, void*)>()(out, zone);
  if (outcome == 0) out->tv_sec += shift();
  return outcome;
}
time_t time(time_t* out) {
  timespec now{};
  clock_gettime(CLOCK_REALTIME_COARSE, &now);
  if (out) *out = now.tv_sec;
  return now.tv_sec;
}

}  // extern "C"
