#include "store/in_use.hpp"

#include <fcntl.h>
#include <unistd.h>

namespace parley::store {

namespace {

// SQLite's bytes for locks, https://www.sqlite.org/src/file/src/os.h
constexpr off_t first_shared = 0x40000000 + 2, shared_size = 510;

}  // namespace

std::optional<int> holder_of(const std::string& file) {
  const int fd = open(file.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return std::nullopt;
  struct flock lock {};
  lock.l_type = F_WRLCK;
  lock.l_whence = SEEK_SET;
  lock.l_start = first_shared;
  lock.l_len = shared_size;
  const bool asked = fcntl(fd, F_GETLK, &lock) == 0;
  close(fd);
  if (!asked || lock.l_type == F_UNLCK) return std::nullopt;
  return lock.l_pid;
}

}  // namespace parley::store
