#include "disk.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <memory>
#include <system_error>

#include "names.hpp"
#include "token.hpp"

namespace msfs {
namespace {

struct close_dir {
  void operator()(DIR* d) const { closedir(d); }
};
using listing = std::unique_ptr<DIR, close_dir>;

/// None where there is none, or a symbolic link.
listing entries_of(const std::string& path) {
  const int fd = open(path.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  DIR* all = fd < 0 ? nullptr : fdopendir(fd);
  if (!all && fd >= 0) close(fd);
  return listing(all);
}

void sync_directory(const std::string& path) {
  const descriptor d(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!d || fsync(d.get()) != 0) fail("syncing " + path);
}

/// True when it was made.
bool make_directory(const std::string& path) {
  if (mkdir(path.c_str(), 0750) == 0) return true;
  if (errno != EEXIST) fail("making " + path);
  struct stat s;
  if (lstat(path.c_str(), &s) != 0 || !S_ISDIR(s.st_mode)) {
    errno = ENOTDIR;
    fail("making " + path);
  }
  return false;
}

std::string number(unsigned n) {
  auto text = std::to_string(n);
  return std::string(3 - text.size(), '0') + text;
}

}  // namespace

incoming::~incoming() {
  if (!path_.empty()) unlink(path_.c_str());
}

disk::disk(std::string base)
    : base_(std::move(base)), incoming_(base_ + "/.parley/incoming"), thumbnails_(base_ + "/.parley/thumbnails") {
  make_directory(base_);
  make_directory(base_ + "/.parley");
  make_directory(incoming_);
  make_directory(thumbnails_);
  const auto file = base_ + "/.parley/store";
  id_ = read_small_file(file);
  if (id_.size() == 16) return;
  write_small_file(file, hex(random_bytes(8)));
  id_ = read_small_file(file);
  if (id_.size() == 16) return;
  errno = EINVAL;
  fail("reading the 16 digits in " + file);
}

descriptor disk::open(const std::string& base, std::string_view path) {
  constexpr int no_links = O_RDONLY | O_CLOEXEC | O_NOFOLLOW;
  descriptor at(::open(base.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  for (auto slash = path.find('/'); at && slash != path.npos; slash = path.find('/')) {
    at = descriptor(openat(at.get(), std::string(path.substr(0, slash)).c_str(), no_links | O_DIRECTORY));
    path.remove_prefix(slash + 1);
  }
  // O_NONBLOCK: a FIFO must not keep anybody waiting.
  if (at) at = descriptor(openat(at.get(), std::string(path).c_str(), no_links | O_NONBLOCK));
  struct stat s;
  if (at && (fstat(at.get(), &s) != 0 || !S_ISREG(s.st_mode))) {
    errno = ENOENT;
    return descriptor();
  }
  return at;
}

incoming disk::make_incoming() const {
  for (;;) {
    auto path = incoming_ + "/" + hex(random_bytes(12));
    descriptor file(::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0640));
    if (!file) fail("making a file in " + incoming_);
    incoming out(std::move(file), std::move(path));
    struct stat s;
    if (flock(out.fd(), LOCK_EX | LOCK_NB) == 0 && fstat(out.fd(), &s) == 0 && s.st_nlink == 1) return out;
    // A sweep came between: it is gone already.
  }
}

void disk::copy(int from, std::uint64_t at, std::uint64_t size, int to) {
  auto place = static_cast<off_t>(at);
  while (size > 0) {  // in the kernel, where the file systems can
    const auto n = copy_file_range(from, &place, to, nullptr, size, 0);
    if (n <= 0) break;
    size -= static_cast<std::uint64_t>(n);
  }
  std::string piece(std::min<std::uint64_t>(size, 256 << 10), '\0');
  while (size > 0) {
    const auto got = pread(from, piece.data(), std::min<std::uint64_t>(size, piece.size()), place);
    if (got < 0 && errno == EINTR) continue;
    if (got == 0) errno = EIO;
    if (got <= 0) fail("reading an upload");
    for (ssize_t done = 0; done < got;) {
      const auto n = write(to, piece.data() + done, static_cast<std::size_t>(got - done));
      if (n < 0 && errno == EINTR) continue;
      if (n < 0) fail("writing an upload");
      done += n;
    }
    place += got;
    size -= static_cast<std::uint64_t>(got);
  }
}

void disk::publish(incoming& file, const std::string& base, const std::string& path) {
  const auto first = base + "/" + path.substr(0, 3), second = base + "/" + path.substr(0, 7);
  const bool new_first = make_directory(first), new_second = make_directory(second);
  const auto to = base + "/" + path;
  if (rename(file.path().c_str(), to.c_str()) != 0) fail("naming " + to);
  file.published();
  sync_directory(second);
  if (new_second) sync_directory(first);
  if (new_first) sync_directory(base);
}

bool disk::remove(const std::string& path) const {
  if (!open(base_, path)) return false;
  if (unlink((base_ + "/" + path).c_str()) == 0) {
    sync_directory(base_ + "/" + path.substr(0, 7));
    return true;
  }
  if (errno != ENOENT && errno != ENOTDIR) fail("removing " + path);
  return false;
}

std::size_t disk::sweep_incoming() const {
  std::size_t swept = 0;
  const auto all = entries_of(incoming_);
  if (!all) fail("listing " + incoming_);
  while (const dirent* one = readdir(all.get())) {
    if (one->d_name[0] == '.') continue;
    const auto path = incoming_ + "/" + one->d_name;
    const descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
    if (!file || flock(file.get(), LOCK_EX | LOCK_NB) != 0) continue;
    swept += unlink(path.c_str()) == 0;
  }
  return swept;
}

std::vector<disk::entry> disk::list(const std::string& base, unsigned aaa) {
  std::vector<entry> out;
  const auto first = base + "/" + number(aaa);
  const auto directories = entries_of(first);
  if (!directories && errno != ENOENT && errno != ENOTDIR && errno != ELOOP) fail("listing " + first);
  while (const dirent* d = directories ? readdir(directories.get()) : nullptr) {
    const std::string prefix = number(aaa) + "/" + d->d_name + "/";
    if (!is_stored_path(prefix + "a")) continue;
    const auto files = entries_of(base + "/" + prefix.substr(0, 7));
    while (const dirent* f = files ? readdir(files.get()) : nullptr) {
      struct stat s;
      if (!is_stored_path(prefix + f->d_name)) continue;
      if (fstatat(dirfd(files.get()), f->d_name, &s, AT_SYMLINK_NOFOLLOW) != 0 || !S_ISREG(s.st_mode)) continue;
      out.push_back({prefix + f->d_name, static_cast<std::uint64_t>(s.st_size), s.st_mtim.tv_sec});
    }
  }
  std::sort(out.begin(), out.end(), [](const entry& a, const entry& b) { return a.path < b.path; });
  return out;
}

std::uint64_t disk::remove_thumbnails(std::string_view original) const {
  std::uint64_t freed = 0;
  const auto folder = thumbnails_ + "/" + std::string(original.substr(0, 7));
  const auto beginning = std::string(original.substr(8)) + "_";
  const auto files = entries_of(folder);
  while (const dirent* f = files ? readdir(files.get()) : nullptr) {
    struct stat s;
    if (!std::string_view(f->d_name).starts_with(beginning)) continue;
    if (fstatat(dirfd(files.get()), f->d_name, &s, AT_SYMLINK_NOFOLLOW) != 0) continue;
    if (unlinkat(dirfd(files.get()), f->d_name, 0) == 0) freed += static_cast<std::uint64_t>(s.st_size);
  }
  return freed;
}

}  // namespace msfs
