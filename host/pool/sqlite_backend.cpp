#include "host/pool/sqlite_backend.hpp"

#include <fcntl.h>
#include <linux/magic.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <cstdio>
#include <cstring>
#include <filesystem>

namespace parley::host {

result<void> sqlite_backend::prepare() {
  const std::filesystem::path path(settings_.path);
  std::error_code failed;
  if (path.has_parent_path()) std::filesystem::create_directories(path.parent_path(), failed);
  if (failed) return error{status::unavailable, path.parent_path().string() + ": " + failed.message()};
  // SQLite would make it readable to everybody, and its log with the same mode.
  const int made = ::open(settings_.path.c_str(), O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0640);
  if (made < 0 && errno != EEXIST) return error{status::unavailable, settings_.path + ": " + std::strerror(errno)};
  if (made >= 0) ::close(made);
  return {};
}

result<std::unique_ptr<sql_connection>> sqlite_backend::connect(connection_role role) {
  std::lock_guard lock(mutex_);
  const auto there = file_identity::of(settings_.path);
  if (there && file_ && *there != *file_) set_old_log_aside();
  auto opened = sqlite_connection::open(settings_, role);
  if (!opened) return opened.failure();
  file_ = (*opened)->file();
  log_ = file_identity::of(settings_.path + "-wal");
  return std::unique_ptr<sql_connection>(std::move(*opened));
}

void sqlite_backend::set_old_log_aside() {
  const auto log = settings_.path + "-wal";
  const auto index = settings_.path + "-shm";
  if (!log_ || file_identity::of(log) != log_) return;
  std::rename(log.c_str(), (log + ".orphan").c_str());
  std::remove(index.c_str());
}

durability sqlite_backend::durability(sql_connection& writer) {
  if (!static_cast<sqlite_connection&>(writer).syncs_commits()) {
    return {false, "synchronous is not FULL: the last commits may be lost at a power cut"};
  }
  struct statfs fs;
  if (::statfs(settings_.path.c_str(), &fs) == 0 && (fs.f_type == TMPFS_MAGIC || fs.f_type == RAMFS_MAGIC)) {
    return {false, settings_.path + " lies on a file system in memory"};
  }
  return {true, "synchronous=FULL, journal_mode=WAL"};
}

}  // namespace parley::host
