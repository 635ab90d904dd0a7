#include "host/node/data_lock.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

namespace parley::host {

data_lock::~data_lock() {
  if (fd_ >= 0) close(fd_);
}

result<void> data_lock::take(const std::string& directory) {
  std::error_code failed;
  std::filesystem::create_directories(directory, failed);
  if (failed) {
    return error{status::unavailable, "cannot make the data directory " + directory + ": " + failed.message() +
                                          "; set another in PARLEY_DATA"};
  }
  const std::string path = directory + "/parleyd.lock";
  fd_ = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (fd_ < 0) return error{status::unavailable, "cannot open " + path + ": " + std::strerror(errno)};
  if (flock(fd_, LOCK_EX | LOCK_NB) != 0) {
    char holder[32] = {};
    const auto size = pread(fd_, holder, sizeof holder - 1, 0);
    const std::string pid = size > 0 ? std::string(holder, static_cast<std::size_t>(size)) : "another process";
    return error{status::unavailable, "the data directory " + directory + " is in use by process " + pid +
                                          "; stop it, or give this node its own with PARLEY_DATA"};
  }
  const std::string own = std::to_string(getpid());
  if (ftruncate(fd_, 0) != 0 || pwrite(fd_, own.data(), own.size(), 0) < 0) {
    return error{status::unavailable, "cannot write " + path + ": " + std::strerror(errno)};
  }
  return {};
}

}  // namespace parley::host
