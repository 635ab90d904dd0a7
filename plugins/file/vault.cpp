#include "vault.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
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
std::string read_at_most(int fd, std::uint64_t at, std::size_t size, const std::string& path) {
  std::string out(size, '\0');
  std::size_t done = 0;
  while (done < size) {
    const auto got = pread(fd, out.data() + done, size - done, static_cast<off_t>(at + done));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) fail("cannot read", path);
    if (got == 0) break;
    done += static_cast<std::size_t>(got);
  }
  out.resize(done);
  return out;
}

std::uint64_t size_of(int fd, const std::string& path) {
  struct stat about {};
  if (fstat(fd, &about) != 0) fail("cannot look at", path);
  return static_cast<std::uint64_t>(about.st_size);
}

void sync(int fd, const std::string& path) {
  if (fsync(fd) != 0) fail("cannot sync", path);
}

void make_folder(const std::string& path) {
  if (mkdir(path.c_str(), 0755) != 0 && errno != EEXIST) fail("cannot make", path);
}

void sync_folder(const std::string& path) {
  const descriptor fd(open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!fd) fail("cannot open", path);
  sync(fd, path);
}

struct field {
  std::size_t at;
  std::size_t size;
};
constexpr field task_field{0, 128}, from_field{128, 64}, to_field{192, 64}, created_field{256, 128},
    size_field{896, 64};

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
  const descriptor fd(opened(where, O_RDWR | O_CREAT));
  if (!fd) fail("cannot make", where);
  std::uint64_t has = 0;
  if (keep) {
    const auto there = task_in(read_at_most(fd, 0, header_bytes, where));
    if (there && same_file(*there, what)) {
      has = size_of(fd, where) - header_bytes;
      has = has >= what.size ? what.size : has / block_bytes * block_bytes;
    }
  }
  if (ftruncate(fd, static_cast<off_t>(has == 0 ? 0 : header_bytes + has)) != 0) fail("cannot shorten", where);
  if (has == 0) write_all(fd, header_of(what), 0, where);
  return has;
}

void vault::append(const task& what, std::uint64_t offset, const std::vector<std::string>& blocks) const {
  const auto where = unfinished(what.id);
  const descriptor fd(opened(where, O_WRONLY));
  if (!fd) fail("cannot open", where);
  auto at = header_bytes + offset;
  for (const auto& block : blocks) {
    write_all(fd, block, at, where);
    at += block.size();
  }
}

void vault::commit(const task& what) const {
  const auto from = unfinished(what.id), to = path(what.id);
  {
    const descriptor fd(opened(from, O_RDONLY));
    if (!fd) {
      const auto there = load(what.id);
      if (there && same_file(*there, what)) return;
      errno = ENOENT;
      fail("cannot open", from);
    }
    if (size_of(fd, from) != header_bytes + what.size) throw vault_error(from + " is not as long as the file");
    sync(fd, from);
  }
  if (rename(from.c_str(), to.c_str()) != 0 && errno != ENOENT) fail("cannot rename", from);
  if (!load(what.id)) throw vault_error(to + " is not there");
  sync_folder(folder(what.id));
  sync_folder(root_);
}

std::string vault::read(const task& what, std::uint64_t offset, std::size_t size) const {
  auto where = path(what.id);
  int fd = opened(where, O_RDONLY);
  if (fd < 0 && errno == ENOENT && what.at != stage::complete) {
    where = unfinished(what.id);
    fd = opened(where, O_RDONLY);
    if (fd < 0 && errno == ENOENT) fd = opened(where = path(what.id), O_RDONLY);  // completed in between
  }
  const descriptor held(fd);
  if (!held) fail("cannot open", where);
  auto out = read_at_most(held, header_bytes + offset, size, where);
  if (out.size() != size) throw vault_error(where + " is shorter than it was");
  return out;
}

std::uint64_t vault::received(const std::string& id) const {
  struct stat about {};
  if (!is_task_id(id) || stat(unfinished(id).c_str(), &about) != 0) return 0;
  const auto size = static_cast<std::uint64_t>(about.st_size);
  return size < header_bytes ? 0 : size - header_bytes;
}

void vault::remove(const std::string& id) const {
  if (!is_task_id(id)) return;
  for (const auto& where : {unfinished(id), path(id)}) {
    if (unlink(where.c_str()) != 0 && errno != ENOENT) fail("cannot remove", where);
  }
}

}  // namespace file
