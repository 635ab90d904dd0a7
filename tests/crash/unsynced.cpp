// A preload shim that remembers what a process wrote and did not sync, so that a test can take it away again.
//
// Rationale: kill -9 leaves the page cache, so by itself it shows nothing about durability. For each file below
// $PARLEY_DATA the shim appends what a write replaces to a log in $PARLEY_UNDO, and empties that log when the file was
// synced. After the process is dead, crash/unsynced_log.hpp undoes the logs: the disk is then as after a power cut that
// lost all that could be lost. With PARLEY_UNDO_LIE set, syncing empties no log: a disk that lies, with which every
// check has to fail.
#include <dlfcn.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "crash/unsynced_log.hpp"

namespace {

using parley::crash::undo_record;

// Looked up at first use: others write before this file's statics are made.
template <class Function>
Function* next(const char* name) {
  return reinterpret_cast<Function*>(dlsym(RTLD_NEXT, name));
}
ssize_t real_write(int fd, const void* data, size_t size) {
  static const auto call = next<ssize_t(int, const void*, size_t)>("write");
  return call(fd, data, size);
}
ssize_t real_pwrite(int fd, const void* data, size_t size, off_t offset) {
  static const auto call = next<ssize_t(int, const void*, size_t, off_t)>("pwrite64");
  return call(fd, data, size, offset);
}
int real_truncate(int fd, off_t size) {
  static const auto call = next<int(int, off_t)>("ftruncate64");
  return call(fd, size);
}
int real_fsync(int fd) {
  static const auto call = next<int(int)>("fsync");
  return call(fd);
}
int real_fdatasync(int fd) {
  static const auto call = next<int(int)>("fdatasync");
  return call(fd);
}

/// A file and its log; log -1: of no interest.
struct watched_file {
  dev_t device = 0;
  ino_t inode = 0;
  int log = -1;
};
/// Never destroyed: other destructors may still write.
struct watched {
  std::mutex mutex;
  std::map<int, watched_file> files;  // by descriptor
  std::map<std::string, int> logs;    // by path
};
watched& all() {
  static auto* one = new watched;
  return *one;
}

bool ends_with(const std::string& text, const char* end) {
  const auto size = std::strlen(end);
  return text.size() >= size && text.compare(text.size() - size, size, end) == 0;
}

/// The log for a descriptor's file, made at first use; -1 when nobody cares.
int open_log(int fd) {
  const char* data = std::getenv("PARLEY_DATA");
  const char* undo = std::getenv("PARLEY_UNDO");
  char path[4096];
  const auto link = "/proc/self/fd/" + std::to_string(fd);
  const auto size = readlink(link.c_str(), path, sizeof path);
  if (size <= 0 || !data || !undo) return -1;
  const std::string name(path, static_cast<std::size_t>(size));
  // Shared memory is no disk; staged plugins and the lock are made anew.
  const bool below = name.rfind(std::string(data) + "/", 0) == 0;
  if (!below || ends_with(name, "-shm") || ends_with(name, ".lock") || ends_with(name, ".so")) return -1;
  auto& log = all().logs.try_emplace(name, -1).first->second;
  if (log < 0) log = open(parley::crash::log_path(undo, name).c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  return log;
}

/// Asked before any lock is taken: signal handlers write to pipes.
bool is_file(int fd, struct stat& about) {
  return fstat(fd, &about) == 0 && S_ISREG(about.st_mode);
}

/// A number that was closed and opened again is told by its inode: libc's own closes do not come by here.
int log_of(int fd, const struct stat& about) {
  auto& known = all().files[fd];
  if (known.inode != about.st_ino || known.device != about.st_dev) known = {about.st_dev, about.st_ino, open_log(fd)};
  return known.log;
}

/// Keeps what [offset, offset + size) holds and how long the file is.
void keep(int fd, int log, off_t offset, std::size_t size, const struct stat& about) {
  std::vector<char> bytes(sizeof(undo_record) + size);
  const auto old = pread(fd, bytes.data() + sizeof(undo_record), size, offset);
  const undo_record record{static_cast<std::uint64_t>(offset), static_cast<std::uint64_t>(old > 0 ? old : 0),
                           static_cast<std::uint64_t>(about.st_size)};
  std::memcpy(bytes.data(), &record, sizeof record);
  bytes.resize(sizeof record + record.size);
  if (real_write(log, bytes.data(), bytes.size()) != static_cast<ssize_t>(bytes.size())) std::abort();
}

int synced(int fd, int (*sync)(int)) {
  struct stat about {};
  if (!is_file(fd, about)) return sync(fd);
  const std::lock_guard lock(all().mutex);
  const int log = log_of(fd, about);
  const int outcome = sync(fd);
  if (log >= 0 && outcome == 0 && !std::getenv("PARLEY_UNDO_LIE")) real_truncate(log, 0);
  return outcome;
}

}  // namespace

extern "C" {

ssize_t pwrite64(int fd, const void* data, size_t size, off_t offset) {
  struct stat about {};
  if (!is_file(fd, about)) return real_pwrite(fd, data, size, offset);
  const std::lock_guard lock(all().mutex);
  fstat(fd, &about);
  if (const int log = log_of(fd, about); log >= 0) keep(fd, log, offset, size, about);
  return real_pwrite(fd, data, size, offset);
}
ssize_t pwrite(int fd, const void* data, size_t size, off_t offset) {
  return pwrite64(fd, data, size, offset);
}

ssize_t write(int fd, const void* data, size_t size) {
  struct stat about {};
  if (!is_file(fd, about)) return real_write(fd, data, size);
  const std::lock_guard lock(all().mutex);
  fstat(fd, &about);
  if (const int log = log_of(fd, about); log >= 0) {
    const bool append = (fcntl(fd, F_GETFL) & O_APPEND) != 0;
    keep(fd, log, lseek(fd, 0, append ? SEEK_END : SEEK_CUR), size, about);
  }
  return real_write(fd, data, size);
}

int ftruncate64(int fd, off_t size) {
  struct stat about {};
  if (!is_file(fd, about)) return real_truncate(fd, size);
  const std::lock_guard lock(all().mutex);
  fstat(fd, &about);
  if (const int log = log_of(fd, about); log >= 0) {
    keep(fd, log, size, about.st_size > size ? static_cast<std::size_t>(about.st_size - size) : 0, about);
  }
  return real_truncate(fd, size);
}
int ftruncate(int fd, off_t size) {
  return ftruncate64(fd, size);
}

int fsync(int fd) {
  return synced(fd, real_fsync);
}
int fdatasync(int fd) {
  return synced(fd, real_fdatasync);
}

}  // extern "C"
