#include "host/http/open_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <linux/openat2.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <cstring>
#include <string_view>

#include "host/http/response.hpp"

namespace parley::host {

namespace {

constexpr std::size_t page = 4096;
constexpr std::size_t mapped_from = 16 << 10;  // smaller ones are read, not sent
constexpr std::size_t most_pages = 256;        // asked for at once

file_facts facts_of(const struct stat& s) {
  return {s.st_ino, static_cast<std::uint64_t>(s.st_size), s.st_mtim.tv_sec, s.st_mtim.tv_nsec};
}

int open_at(int directory, const char* path, std::uint64_t flags, std::uint64_t resolve) {
  open_how how{};
  how.flags = flags | O_CLOEXEC;
  how.resolve = resolve;
  return static_cast<int>(syscall(SYS_openat2, directory, path, &how, sizeof how));
}

/// Takes the descriptor.
int adopt(int descriptor, std::unique_ptr<open_file>& out) {
  struct stat s {};
  if (fstat(descriptor, &s) != 0 || !S_ISREG(s.st_mode)) {
    close(descriptor);
    return ENOENT;
  }
  out = std::make_unique<open_file>(descriptor, facts_of(s), s.st_uid == geteuid());
  return 0;
}

}  // namespace

open_file::open_file(int descriptor, const file_facts& facts, bool ours)
    : descriptor_(descriptor),
      facts_(facts),
      etag_(fmt::format("\"{:x}-{:x}-{:x}.{:x}\"", facts.inode, facts.size, facts.modified_s, facts.modified_ns)),
      last_modified_(http_date_text(facts.modified_s)) {
  if (!ours || facts.size < mapped_from) return;
  mapping_ = mmap(nullptr, facts.size, PROT_READ, MAP_SHARED, descriptor, 0);
  if (mapping_ == MAP_FAILED) mapping_ = nullptr;
}

open_file::~open_file() {
  if (mapping_) munmap(mapping_, facts_.size);
  close(descriptor_);
}

bool open_file::unchanged() const {
  struct stat s {};
  return fstat(descriptor_, &s) == 0 && s.st_nlink > 0 && facts_of(s) == facts_;
}

bool open_file::removed() const {
  struct stat s {};
  return fstat(descriptor_, &s) == 0 && s.st_nlink == 0;
}

bool open_file::resident(std::uint64_t from, std::size_t size) const {
  if (!mapping_) return false;
  unsigned char pages[most_pages];
  auto at = from / page * page;
  const auto end = std::min(from + size, facts_.size);
  while (at < end) {
    const auto length = std::min<std::uint64_t>(end - at, most_pages * page);
    if (mincore(static_cast<char*>(mapping_) + at, length, pages) != 0) return false;
    const auto count = (length + page - 1) / page;
    if (!std::all_of(pages, pages + count, [](unsigned char p) { return p & 1; })) return false;
    at += length;
  }
  return true;
}

bool open_file::load(std::uint64_t from, std::size_t size) const {
  char scratch[32 << 10];
  const auto end = std::min(from + size, facts_.size);
  while (from < end) {
    const auto n =
        pread(descriptor_, scratch, std::min<std::uint64_t>(sizeof scratch, end - from), static_cast<off_t>(from));
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return false;
    from += static_cast<std::uint64_t>(n);
  }
  return true;
}

bool open_file::read_now(std::string& out, std::uint64_t from, std::size_t size) const {
  const auto before = out.size();
  out.resize(before + size);
  iovec part{out.data() + before, size};
  const auto n = preadv2(descriptor_, &part, 1, static_cast<off_t>(from), RWF_NOWAIT);
  const bool all = n == static_cast<ssize_t>(size);
  if (!all) out.resize(before);
  return all;
}

bool is_path_below(const char* path) {
  std::string_view rest(path);
  if (rest.empty() || rest.size() >= PATH_MAX) return false;
  for (;;) {
    const auto segment = rest.substr(0, rest.find('/'));
    if (segment.empty() || segment == "." || segment == "..") return false;
    if (segment.size() == rest.size()) return true;
    rest.remove_prefix(segment.size() + 1);
  }
}

int open_below(const char* root, const char* path, bool may_wait, std::unique_ptr<open_file>& out) {
  const std::uint64_t now = may_wait ? 0 : RESOLVE_CACHED;
  const auto failed = [&] {
    // A kernel that does not know the call, or a sandbox that hides it, or one that cannot promise not to wait.
    if (errno != ENOSYS && errno != EPERM && errno != EINVAL && errno != E2BIG) return errno;
    return may_wait ? open_stepwise(root, path, out) : EAGAIN;
  };
  const int directory = open_at(AT_FDCWD, root, O_PATH | O_DIRECTORY, now);
  if (directory < 0) return failed();
  const int file = open_at(directory, path, O_RDONLY | O_NONBLOCK | O_NOCTTY,
                           now | RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS);
  const int code = file < 0 ? failed() : 0;
  close(directory);
  return file < 0 ? code : adopt(file, out);
}

int open_stepwise(const char* root, const char* path, std::unique_ptr<open_file>& out) {
  int at = open(root, O_PATH | O_DIRECTORY | O_CLOEXEC);
  std::string_view rest(path);
  while (at >= 0) {
    const std::string segment(rest.substr(0, rest.find('/')));
    const bool last = segment.size() == rest.size();
    const int flags = last ? O_RDONLY | O_NONBLOCK | O_NOCTTY : O_PATH | O_DIRECTORY;
    const int next = openat(at, segment.c_str(), flags | O_NOFOLLOW | O_CLOEXEC);
    const int code = errno;
    close(at);
    if (next < 0) return code;
    if (last) return adopt(next, out);
    rest.remove_prefix(segment.size() + 1);
    at = next;
  }
  return errno;
}

}  // namespace parley::host
