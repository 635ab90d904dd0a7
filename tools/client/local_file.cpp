#include "client/local_file.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>
#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <utility>

#include "client/file_name.hpp"

namespace parley::client {
namespace {

constexpr std::uint32_t sync_every = 4u << 20;
constexpr unsigned most_numbers = 10'000;

error trouble(const std::string& path) {
  return {failure::closed, path + ": " + std::strerror(errno)};
}

std::string directory_of(const std::string& path) {
  const auto slash = path.rfind('/');
  return slash == std::string::npos ? "." : slash == 0 ? "/" : path.substr(0, slash);
}

/// Gives `part` the name, unless something has it: then errno is EEXIST.
bool name_anew(const std::string& part, const std::string& path) {
  if (renameat2(AT_FDCWD, part.c_str(), AT_FDCWD, path.c_str(), RENAME_NOREPLACE) == 0) return true;
  if (errno != EINVAL && errno != ENOSYS) return false;
  if (link(part.c_str(), path.c_str()) != 0) return false;  // a file system that cannot do the first
  unlink(part.c_str());
  return true;
}

}  // namespace

result<std::string> keep_file(const std::string& part, const std::string& wanted) {
  std::string path = wanted;
  const auto base = static_cast<std::size_t>(wanted.rfind('/') + 1);
  for (unsigned number = 1; !name_anew(part, path); ++number) {
    if (errno != EEXIST || number == most_numbers) return trouble(path);
    path = wanted.substr(0, base) + numbered_file_name(std::string_view(wanted).substr(base), number);
  }
  const descriptor folder(::open(directory_of(path).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (folder.get() < 0 || fsync(folder.get()) != 0) return trouble(path);
  return path;
}

descriptor::~descriptor() {
  if (fd_ >= 0) close(fd_);
}

descriptor& descriptor::operator=(descriptor&& other) noexcept {
  std::swap(fd_, other.fd_);
  return *this;
}

result<std::shared_ptr<sent_file>> sent_file::open(const std::string& path) {
  descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  struct stat found {};
  if (file.get() < 0 || fstat(file.get(), &found) != 0) return trouble(path);
  if (!S_ISREG(found.st_mode)) return error{failure::malformed, path + " is no file"};
  if (found.st_size > UINT32_MAX) return error{failure::malformed, path + " is larger than 4 GiB"};
  return std::shared_ptr<sent_file>(new sent_file(path, std::move(file), found));
}

result<> sent_file::read(std::uint32_t offset, std::uint32_t size, std::string& out) {
  out.resize(size);
  std::size_t got = 0;
  while (got < size) {
    const ssize_t part =
        pread(file_.get(), out.data() + got, size - got, static_cast<off_t>(offset) + static_cast<off_t>(got));
    if (part < 0 && errno == EINTR) continue;
    if (part < 0) return trouble(path_);
    if (part == 0) break;
    got += static_cast<std::size_t>(part);
  }
  struct stat now {};
  const bool same = fstat(file_.get(), &now) == 0 && now.st_size == as_found_.st_size &&
                    now.st_mtim.tv_sec == as_found_.st_mtim.tv_sec && now.st_mtim.tv_nsec == as_found_.st_mtim.tv_nsec;
  if (got < size || !same) return error{failure::malformed, path_ + " was changed while it was sent"};
  return done{};
}

result<std::shared_ptr<received_file>> received_file::open(const std::string& wanted, const std::string& task_id,
                                                           std::uint32_t size) {
  if (!is_task_id(task_id)) return error{failure::malformed, "the server gave a task an impossible name"};
  const std::string part = directory_of(wanted) + "/." + task_id + ".part";
  descriptor file(::open(part.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0666));
  struct stat found {};
  if (file.get() < 0 || fstat(file.get(), &found) != 0) return trouble(part);
  if (flock(file.get(), LOCK_EX | LOCK_NB) != 0) return error{failure::closed, "somebody else is fetching it already"};
  // Its last bytes may never have reached the disk.
  const auto there = static_cast<std::uint32_t>(std::min<off_t>(found.st_size, size));
  const std::uint32_t sure = there > sync_every ? (there - sync_every) / file_block * file_block : 0;
  if (ftruncate(file.get(), sure) != 0) return trouble(part);
  return std::shared_ptr<received_file>(new received_file(wanted, part, std::move(file), size, sure));
}

result<> received_file::go_back(std::uint32_t offset) {
  if (offset > received_) return error{failure::malformed, "the server goes on behind what is here"};
  if (ftruncate(file_.get(), offset) != 0) return trouble(part_);
  received_ = offset;
  synced_ = std::min(synced_, offset);
  return done{};
}

result<> received_file::append(std::string_view block) {
  if (block.size() > size_ - received_) return error{failure::malformed, "more arrives than was announced"};
  while (!block.empty()) {
    const ssize_t part = pwrite(file_.get(), block.data(), block.size(), received_);
    if (part < 0 && errno == EINTR) continue;
    if (part < 0) return trouble(part_);
    block.remove_prefix(static_cast<std::size_t>(part));
    received_ += static_cast<std::uint32_t>(part);
  }
  if (received_ - synced_ < sync_every) return done{};
  if (fdatasync(file_.get()) != 0) return trouble(part_);
  synced_ = received_;
  return done{};
}

result<> received_file::complete() {
  if (received_ != size_) return error{failure::malformed, "less arrived than was announced"};
  if (fsync(file_.get()) != 0) return trouble(part_);
  auto path = keep_file(part_, wanted_);
  if (!path) return path.why();
  path_ = *path;
  file_ = descriptor();
  part_.clear();
  return done{};
}

void received_file::discard() {
  if (!part_.empty()) unlink(part_.c_str());
}

}  // namespace parley::client
