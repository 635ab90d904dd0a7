#include "vault.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <cstring>
#include <filesystem>
#include <string_view>

#include "task_id.hpp"

namespace file {
namespace {

[[noreturn]] void fail(const char* what, const std::string& path) {
  throw vault_error(std::string(what) + " " + path + ": " + std::strerror(errno));
}

/// Closed when it goes; -1 is none.
class descriptor {
 public:
  explicit descriptor(int fd) : fd_(fd) {}
  descriptor(const descriptor&) = delete;
  ~descriptor() {
    if (fd_ >= 0) close(fd_);
  }
  explicit operator bool() const { return fd_ >= 0; }
  operator int() const { return fd_; }

 private:
  int fd_;
};

constexpr int file_flags = O_CLOEXEC | O_NOFOLLOW;

int opened(const std::string& path, int flags) {
  int fd;
  do {
    fd = open(path.c_str(), flags | file_flags, 0644);
  } while (fd < 0 && errno == EINTR);
  return fd;
}

void write_all(int fd, std::string_view bytes, std::uint64_t at, const std::string& path) {
  while (!bytes.empty()) {
    const auto wrote = pwrite(fd, bytes.data(), bytes.size(), static_cast<off_t>(at));
    if (wrote < 0 && errno == EINTR) continue;
    if (wrote == 0) errno = ENOSPC;
    if (wrote <= 0) fail("cannot write", path);
    bytes.remove_prefix(static_cast<std::size_t>(wrote));
    at += static_cast<std::uint64_t>(wrote);
  }
}

/// Fewer at the end of the file.
std::size_t read_into(int fd, std::uint64_t at, std::span<char> place, const std::string& path) {
  std::size_t done = 0;
  while (done < place.size()) {
    const auto got = pread(fd, place.data() + done, place.size() - done, static_cast<off_t>(at + done));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) fail("cannot read", path);
    if (got == 0) break;
    done += static_cast<std::size_t>(got);
  }
  return done;
}

std::string read_at_most(int fd, std::uint64_t at, std::size_t size, const std::string& path) {
  std::string out(size, '\0');
  out.resize(read_into(fd, at, out, path));
  return out;
}

std::uint64_t size_of(int fd, const std::string& path) {
  struct stat about {};
  if (fstat(fd, &about) != 0) fail("cannot look at", path);
  return static_cast<std::uint64_t>(about.st_size);
}

/// False: it has no name, or another one, any more. One generation may be committing what the next one is given to.
bool locked(int fd, const std::string& path) {
  while (flock(fd, LOCK_EX) != 0) {
    if (errno != EINTR) fail("cannot lock", path);
  }
  struct stat open_one {
  }, named{};
  if (fstat(fd, &open_one) != 0) fail("cannot look at", path);
  return stat(path.c_str(), &named) == 0 && named.st_ino == open_one.st_ino && named.st_dev == open_one.st_dev;
}

void make_folder(const std::string& path) {
  if (mkdir(path.c_str(), 0755) != 0 && errno != EEXIST) fail("cannot make", path);
}

/// A file, or a folder as "FOLDER/.", which may be a link.
void sync(const means& with, const std::string& path) {
  const descriptor fd(opened(path, O_RDONLY));
  if (!fd) fail("cannot open", path);
  if (with.sync(fd) != 0) fail("cannot sync", path);
}

struct field {
  std::size_t at;
  std::size_t size;
};
/// Between two of these places the file is synced while it grows.
constexpr std::uint64_t synced_every = 4 << 20;
/// More than is written at a time.
constexpr std::uint64_t most_unsynced = 256 << 10;

/// The last is in unfinished files only, where a complete one has zeros.
constexpr field task_field{0, 128}, from_field{128, 64}, to_field{192, 64}, created_field{256, 128},
    size_field{896, 64}, boot_field{384, 64};

std::string header_of(const task& what) {
  std::string out(header_bytes, '\0');
  const auto put = [&out](field where, const std::string& text) { out.replace(where.at, text.size(), text); };
  put(task_field, what.id);
  put(from_field, std::to_string(what.from));
  put(to_field, std::to_string(what.to));
  put(created_field, std::to_string(what.created));
  put(size_field, std::to_string(what.size));
  return out;
}

std::string_view text_of(std::string_view header, field where) {
  const auto text = header.substr(where.at, where.size);
  return text.substr(0, text.find('\0'));
}

std::optional<number> number_of(std::string_view header, field where) {
  const auto text = text_of(header, where);
  number out = 0;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), out);
  if (fault != std::errc() || end != text.data() + text.size() || text.empty()) return std::nullopt;
  return out;
}

std::optional<task> task_in(std::string_view header) {
  if (header.size() != header_bytes) return std::nullopt;
  const auto from = number_of(header, from_field), to = number_of(header, to_field);
  const auto size = number_of(header, size_field);
  if (!from || !to || !size) return std::nullopt;
  task out;
  out.id = text_of(header, task_field);
  out.from = *from;
  out.to = *to;
  out.size = *size;
  out.created = number_of(header, created_field).value_or(0);
  out.at = stage::complete;
  out.stored = false;
  return out;
}

bool same_file(const task& a, const task& b) {
  return a.id == b.id && a.from == b.from && a.to == b.to && a.size == b.size;
}

}  // namespace

std::string means::this_boot() {
  const std::string where = "/proc/sys/kernel/random/boot_id";
  const descriptor fd(opened(where, O_RDONLY));
  return fd ? read_at_most(fd, 0, 36, where) : std::string();
}

void vault::sync_or_remove(int fd, const std::string& path) const {
  if (with_.sync(fd) == 0) return;
  const auto why = errno;
  unlink(path.c_str());
  errno = why;
  fail("cannot sync", path);
}

bool vault::has_room(std::uint64_t bytes) const {
  struct statvfs about {};
  if (with_.keep_free == 0) return true;
  if (statvfs(root_.c_str(), &about) != 0 && statvfs(parent_.c_str(), &about) != 0) return true;
  const auto left = static_cast<std::uint64_t>(about.f_bavail) * about.f_frsize;
  return left >= with_.keep_free && left - with_.keep_free >= bytes;
}

void vault::need_room(std::uint64_t bytes) const {
  if (!has_room(bytes)) throw vault_error("files have to leave the rest of the disk: " + root_);
}

std::optional<task> vault::load(const std::string& id) const {
  if (!is_task_id(id)) return std::nullopt;
  const auto where = path(id);
  const descriptor fd(opened(where, O_RDONLY));
  if (!fd) return std::nullopt;
  auto found = task_in(read_at_most(fd, 0, header_bytes, where));
  if (!found || found->id != id || size_of(fd, where) != header_bytes + found->size) return std::nullopt;
  return found;
}

std::uint64_t vault::prepare(const task& what, bool keep) const {
  if (const auto there = load(what.id); there && same_file(*there, what)) return what.size;
  make_folder(root_);
  make_folder(folder(what.id));
  const auto where = unfinished(what.id);
  std::uint64_t has = 0;
  if (const descriptor fd(keep ? opened(where, O_RDWR) : -1); fd) {
    const auto header = read_at_most(fd, 0, header_bytes, where);
    const auto there = task_in(header);
    if (there && same_file(*there, what)) {
      has = size_of(fd, where) - header_bytes;
      has = has >= what.size ? what.size : has / block_bytes * block_bytes;
      if (with_.boot.empty() || header.find(with_.boot, boot_field.at) != boot_field.at) {
        // The machine has stopped since: of what was not synced, only the size may have come to the disk.
        has = has < most_unsynced ? 0 : (has - most_unsynced) / synced_every * synced_every;
        if (has > 0) write_all(fd, with_.boot, boot_field.at, where);
      }
    }
    if (has > 0 && ftruncate(fd, static_cast<off_t>(header_bytes + has)) != 0) fail("cannot shorten", where);
  }
  need_room(what.size - has);
  if (has > 0) return has;
  // A file of its own: whoever still has the old one open does it no harm.
  if (unlink(where.c_str()) != 0 && errno != ENOENT) fail("cannot remove", where);
  const descriptor fd(opened(where, O_RDWR | O_CREAT | O_EXCL));
  if (!fd) fail("cannot make", where);
  write_all(fd, header_of(what), 0, where);
  write_all(fd, with_.boot, boot_field.at, where);
  return 0;
}

bool vault::append(const task& what, std::uint64_t offset, const std::vector<std::string>& blocks) const {
  const auto where = unfinished(what.id);
  const descriptor fd(opened(where, O_WRONLY));
  if (!fd) fail("cannot open", where);
  auto at = header_bytes + offset;
  if (size_of(fd, where) < at) return false;
  need_room(blocks.size() * block_bytes);
  for (const auto& block : blocks) {
    write_all(fd, block, at, where);
    at += block.size();
  }
  if (offset / synced_every != (at - header_bytes) / synced_every) sync_or_remove(fd, where);
  return true;
}

void vault::commit(const task& what) const {
  const auto from = unfinished(what.id), to = path(what.id);
  if (const descriptor fd(opened(from, O_RDWR)); fd && locked(fd, from)) {
    if (size_of(fd, from) != header_bytes + what.size) throw vault_error(from + " is not as long as the file");
    write_all(fd, std::string(boot_field.size, '\0'), boot_field.at, from);
    sync_or_remove(fd, from);
    if (rename(from.c_str(), to.c_str()) != 0) fail("cannot rename", from);
  } else {
    const auto there = load(what.id);
    if (!there || !same_file(*there, what)) {
      errno = ENOENT;
      fail("cannot open", from);
    }
    sync(with_, to);
  }
  for (const auto& above : {folder(what.id), root_, parent_}) sync(with_, above + "/.");
}

void vault::read(const task& what, std::uint64_t offset, std::span<const std::span<char>> places) const {
  auto where = path(what.id);
  int fd = opened(where, O_RDONLY);
  if (fd < 0 && errno == ENOENT && what.at != stage::complete) {
    where = unfinished(what.id);
    fd = opened(where, O_RDONLY);
    if (fd < 0 && errno == ENOENT) fd = opened(where = path(what.id), O_RDONLY);  // completed in between
  }
  const descriptor held(fd);
  if (!held) fail("cannot open", where);
  for (const auto place : places) {
    if (read_into(held, header_bytes + offset, place, where) != place.size()) {
      throw vault_error(where + " is shorter than it was");
    }
    offset += place.size();
  }
}

std::uint64_t vault::received(const std::string& id) const {
  struct stat about {};
  if (!is_task_id(id) || stat(unfinished(id).c_str(), &about) != 0) return 0;
  const auto size = static_cast<std::uint64_t>(about.st_size);
  return size < header_bytes ? 0 : size - header_bytes;
}

std::vector<std::string> vault::unfinished_in(std::uint8_t folder, number age_s, std::size_t most) const {
  namespace fs = std::filesystem;
  constexpr char digits[] = "0123456789abcdef";
  std::vector<std::string> out;
  std::error_code none;
  const auto now = fs::file_time_type::clock::now();
  for (const auto& one : fs::directory_iterator(root_ + "/" + digits[folder >> 4] + digits[folder & 15], none)) {
    const auto& path = one.path();
    if (path.extension() != ".part" || !is_task_id(path.stem().string())) continue;
    const auto changed = one.last_write_time(none);
    if (none || now - changed < std::chrono::seconds(age_s)) continue;
    out.push_back(path.stem().string());
    if (out.size() == most) break;
  }
  return out;
}

void vault::remove_unfinished(const std::string& id) const {
  if (!is_task_id(id)) return;
  const auto where = unfinished(id);
  if (unlink(where.c_str()) != 0 && errno != ENOENT) fail("cannot remove", where);
}

void vault::remove(const std::string& id) const {
  if (!is_task_id(id)) return;
  for (const auto& where : {unfinished(id), path(id)}) {
    if (unlink(where.c_str()) != 0 && errno != ENOENT) fail("cannot remove", where);
  }
}

}  // namespace file
