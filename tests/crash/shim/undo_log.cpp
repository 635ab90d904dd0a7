#include "crash/shim/undo_log.hpp"

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "crash/shim/real.hpp"
#include "crash/shim/undo_record.hpp"

namespace parley::crash {
namespace {

/// A file below $PARLEY_SHIM_DATA. Its reader is never closed while the file is there: closing any descriptor of a file
/// gives up the process's locks on it. Descriptors of O_DIRECT or without read access cannot be read through
/// themselves.
struct watched_file {
  int log = -1;  ///< -1: of no interest
  int reader = -1;
};
struct open_file {
  dev_t device = 0;
  ino_t inode = 0;
  watched_file* file = nullptr;
};
/// Never destroyed: other destructors may still write.
struct everything {
  std::mutex mutex;
  std::map<int, open_file> open;              // by descriptor
  std::map<std::string, watched_file> files;  // by log name
  watched_file none;
};
everything& all() {
  static auto* const one = new everything;
  return *one;
}

bool ends_with(const std::string& text, const char* end) {
  const auto size = std::strlen(end);
  return text.size() >= size && text.compare(text.size() - size, size, end) == 0;
}

/// Shared memory is no disk; staged plugins and the lock are made anew.
bool interesting(const std::string& path) {
  const char* data = std::getenv("PARLEY_SHIM_DATA");
  return data && path.rfind(std::string(data) + "/", 0) == 0 && !ends_with(path, "-shm") && !ends_with(path, ".lock") &&
         !ends_with(path, ".so") && !ends_with(path, " (deleted)");
}

std::string name_of_log(int fd, const char* path) {
  struct statx about {};
  if (statx(path ? AT_FDCWD : fd, path ? path : "", path ? AT_SYMLINK_NOFOLLOW : AT_EMPTY_PATH, STATX_INO | STATX_BTIME,
            &about) != 0) {
    return {};
  }
  return log_name(about.stx_ino, static_cast<std::uint64_t>(about.stx_btime.tv_sec), about.stx_btime.tv_nsec);
}

watched_file* find_file(int fd) {
  char buffer[4096];
  const auto link = "/proc/self/fd/" + std::to_string(fd);
  const auto size = readlink(link.c_str(), buffer, sizeof buffer);
  const char* shim = std::getenv("PARLEY_SHIM");
  if (size <= 0 || !shim) return &all().none;
  const std::string path(buffer, static_cast<std::size_t>(size));
  if (!interesting(path)) return &all().none;
  const auto name = name_of_log(fd, nullptr);
  auto& file = all().files[name];
  if (file.log < 0) {
    file.log = open((std::string(shim) + "/undo/" + name).c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    file.reader = open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (file.log < 0 || file.reader < 0) std::abort();  // better no test than one that proves nothing
  }
  return &file;
}

/// A number that was closed and opened again is told by its inode: libc's own closes do not come by here.
watched_file& file_of(int fd, const struct stat& about) {
  auto& known = all().open[fd];
  if (!known.file || known.inode != about.st_ino || known.device != about.st_dev) {
    known = {about.st_dev, about.st_ino, find_file(fd)};
  }
  return *known.file;
}

void keep(const watched_file& file, off_t offset, std::size_t written, std::size_t replaced, const struct stat& about) {
  std::vector<char> bytes(sizeof(undo_record) + replaced);
  const auto old = pread(file.reader, bytes.data() + sizeof(undo_record), replaced, offset);
  const undo_record record{static_cast<std::uint64_t>(offset), written, static_cast<std::uint64_t>(old > 0 ? old : 0),
                           static_cast<std::uint64_t>(about.st_size)};
  std::memcpy(bytes.data(), &record, sizeof record);
  bytes.resize(sizeof record + record.kept);
  const auto write_all = real<"write", ssize_t(int, const void*, size_t)>();
  if (write_all(file.log, bytes.data(), bytes.size()) != static_cast<ssize_t>(bytes.size())) std::abort();
}

bool refuse_growth(off_t end, const struct stat& about) {
  if (!control().full || end <= about.st_size) return false;
  ++control().refused;
  return true;
}

}  // namespace

shim_control& control() {
  static shim_control* const mapped = [] {
    static shim_control idle{};
    const char* shim = std::getenv("PARLEY_SHIM");
    const int fd = shim ? open((std::string(shim) + "/control").c_str(), O_RDWR | O_CLOEXEC) : -1;
    if (fd < 0) return &idle;
    void* at = mmap(nullptr, sizeof(shim_control), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    return at == MAP_FAILED ? &idle : static_cast<shim_control*>(at);
  }();
  return *mapped;
}

bool is_file(int fd) {
  struct stat about {};
  return fstat(fd, &about) == 0 && S_ISREG(about.st_mode);
}

write_guard::write_guard(int fd, off_t offset, std::size_t size) {
  all().mutex.lock();
  struct stat about {};
  if (fstat(fd, &about) != 0) return;
  const auto& file = file_of(fd, about);
  if (file.log < 0) return;
  if (offset < 0) offset = lseek(fd, 0, (fcntl(fd, F_GETFL) & O_APPEND) != 0 ? SEEK_END : SEEK_CUR);
  refused_ = refuse_growth(offset + static_cast<off_t>(size), about);
  if (!refused_) keep(file, offset, size, size, about);
}

write_guard::~write_guard() {
  all().mutex.unlock();
}

truncate_guard::truncate_guard(int fd, off_t size) {
  all().mutex.lock();
  struct stat about {};
  if (fstat(fd, &about) != 0) return;
  const auto& file = file_of(fd, about);
  if (file.log < 0) return;
  refused_ = refuse_growth(size, about);
  if (!refused_) keep(file, size, 0, about.st_size > size ? static_cast<std::size_t>(about.st_size - size) : 0, about);
}

truncate_guard::~truncate_guard() {
  all().mutex.unlock();
}

int sync_file(int fd, int (*sync)(int)) {
  if (!is_file(fd)) return sync(fd);
  if (const auto delay = control().sync_delay_ms.load()) {
    ++control().delayed;
    const timespec time{delay / 1000, static_cast<long>(delay % 1000) * 1000000};
    nanosleep(&time, nullptr);
  }
  const std::lock_guard lock(all().mutex);
  struct stat about {};
  if (fstat(fd, &about) != 0) return sync(fd);
  const auto& file = file_of(fd, about);
  const int outcome = sync(fd);
  if (file.log >= 0 && outcome == 0 && !control().lies) {
    real<"ftruncate64", int(int, off_t)>()(file.log, 0);
  }
  return outcome;
}

void forget(int fd) {
  const int before = errno;
  if (is_file(fd)) {
    const std::lock_guard lock(all().mutex);
    all().open.erase(fd);
  }
  errno = before;
}

void forget(const char* path) {
  const int before = errno;
  const std::lock_guard lock(all().mutex);
  const auto found = all().files.find(name_of_log(-1, path));
  struct stat about {};
  if (found != all().files.end() && lstat(path, &about) == 0 && about.st_nlink == 1) {
    real<"ftruncate64", int(int, off_t)>()(found->second.log, 0);
  }
  errno = before;
}

}  // namespace parley::crash
