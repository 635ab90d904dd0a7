#include "host/plugin/staging.hpp"

#include <fcntl.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <utility>

#include "host/plugin/elf_gate.hpp"

namespace parley::host {

namespace fs = std::filesystem;

namespace {

/// Closed at the end of its scope.
class descriptor {
 public:
  explicit descriptor(int fd) : fd_(fd) {}
  descriptor(const descriptor&) = delete;
  ~descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  int get() const { return fd_; }

 private:
  int fd_;
};

bool same(const struct stat& a, const struct stat& b) {
  return a.st_dev == b.st_dev && a.st_ino == b.st_ino && a.st_size == b.st_size &&
         a.st_mtim.tv_sec == b.st_mtim.tv_sec && a.st_mtim.tv_nsec == b.st_mtim.tv_nsec;
}

result<void> copy(const std::string& from, const std::string& to) {
  const descriptor in(open(from.c_str(), O_RDONLY | O_CLOEXEC));
  if (in.get() < 0) return error{status::unavailable, from + " cannot be read: " + std::strerror(errno)};
  struct stat before {};
  if (fstat(in.get(), &before) != 0 || !S_ISREG(before.st_mode))
    return error{status::unavailable, from + " is no file"};
  const descriptor out(open(to.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  const auto failed = [&] {
    return error{status::unavailable, "cannot copy " + from + " to " + to + ": " + std::strerror(errno) +
                                          "; is there room in the data directory?"};
  };
  if (out.get() < 0) return failed();
  off_t at = 0;
  while (at < before.st_size) {
    const auto moved = sendfile(out.get(), in.get(), &at, static_cast<std::size_t>(before.st_size - at));
    if (moved < 0 && errno != EINTR) return failed();
    if (moved == 0) break;
  }
  // By its name: a linker may have replaced it by another.
  struct stat after {};
  if (at < before.st_size || stat(from.c_str(), &after) != 0 || !same(before, after)) {
    return error{status::busy,
                 from + " changed while it was copied: is it still being built? try again when it is done"};
  }
  return {};
}

}  // namespace

staged_file& staged_file::operator=(staged_file&& other) noexcept {
  std::swap(path_, other.path_);
  std::swap(build_id_, other.build_id_);
  std::swap(ours_, other.ours_);
  return *this;
}

staged_file staged_file::borrowed(const std::string& path) {
  staged_file out;
  out.path_ = path;
  return out;
}

staged_file::~staged_file() {
  if (ours_) unlink(path_.c_str());
}

result<staged_file> stage(const std::string& file, const std::string& directory, const std::string& plugin,
                          std::uint32_t number) {
  const auto build_id = elf_gate(file).build_id;  // for the name; the copy is what is judged
  const std::string path = directory + "/" + plugin + "-" + (build_id.empty() ? "unnamed" : build_id.substr(0, 12)) +
                           "-g" + std::to_string(number) + ".so";
  if (access(path.c_str(), F_OK) == 0) return error{status::conflict, path + " is there already"};
  staged_file out;
  out.path_ = path;
  out.ours_ = true;
  if (auto copied = copy(file, path); !copied) return copied.failure();
  const auto report = elf_gate_here(out.path_);
  if (!report.findings.empty()) return error{status::refused, report.to_string(file)};
  out.build_id_ = report.build_id;
  return out;
}

result<std::string> make_staging_directory(const std::string& data) {
  std::error_code failed;
  const fs::path path = fs::path(data) / "run";
  fs::remove_all(path, failed);
  fs::create_directories(path, failed);
  if (failed) {
    return error{status::unavailable, "cannot make the directory " + path.string() + ": " + failed.message() +
                                          "; make it writable or set another data directory"};
  }
  return path.string();
}

}  // namespace parley::host
