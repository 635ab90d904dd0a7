#include "store/files.hpp"

#include <fcntl.h>
#include <openssl/evp.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <memory>
#include <vector>

#include "store/trouble.hpp"

namespace parley::store {

namespace fs = std::filesystem;

namespace {

[[noreturn]] void fail(const std::string& what, const std::string& path, int code) {
  throw trouble(what + " " + path + ": " + std::strerror(code), interrupted);
}

class descriptor {
 public:
  descriptor(const std::string& path, int flags, mode_t mode = 0)
      : fd_(open(path.c_str(), flags | O_CLOEXEC | O_NOFOLLOW, mode)) {}
  descriptor(const descriptor&) = delete;
  ~descriptor() {
    if (fd_ >= 0) close(fd_);
  }
  explicit operator bool() const { return fd_ >= 0; }
  operator int() const { return fd_; }

 private:
  int fd_;
};

void copy_bytes(int from, int to, const std::string& shown) {
  std::vector<char> buffer;
  for (;;) {
    const auto moved = copy_file_range(from, nullptr, to, nullptr, 16 << 20, 0);
    if (moved == 0) return;
    if (moved > 0) continue;
    if (errno == EINTR) continue;
    break;  // not between these file systems
  }
  buffer.resize(1 << 20);
  for (;;) {
    const auto got = read(from, buffer.data(), buffer.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) fail("cannot read", shown, errno);
    if (got == 0) return;
    for (ssize_t done = 0; done < got;) {
      const auto wrote = write(to, buffer.data() + done, static_cast<std::size_t>(got - done));
      if (wrote < 0 && errno == EINTR) continue;
      if (wrote <= 0) fail("cannot write a copy of", shown, wrote < 0 ? errno : ENOSPC);
      done += wrote;
    }
  }
}

bool is_current(const struct stat& from, const std::string& to) {
  struct stat there {};
  return stat(to.c_str(), &there) == 0 && there.st_size == from.st_size &&
         there.st_mtim.tv_sec == from.st_mtim.tv_sec && there.st_mtim.tv_nsec == from.st_mtim.tv_nsec;
}

}  // namespace

void sync_path(const std::string& path) {
  const descriptor fd(path, O_RDONLY);
  if (!fd || fsync(fd) != 0) fail("cannot sync", path, errno);
}

void write_synced(const std::string& file, const std::string& text) {
  {
    const descriptor out(file, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    if (!out) fail("cannot make", file, errno);
    for (std::size_t at = 0; at < text.size();) {
      const auto wrote = write(out, text.data() + at, text.size() - at);
      if (wrote < 0 && errno == EINTR) continue;
      if (wrote <= 0) fail("cannot write", file, wrote < 0 ? errno : ENOSPC);
      at += static_cast<std::size_t>(wrote);
    }
    if (fsync(out) != 0) fail("cannot sync", file, errno);
  }
  sync_path(fs::path(file).parent_path().string());
}

bool is_copy(const std::string& from, const std::string& to) {
  struct stat about {};
  return stat(from.c_str(), &about) == 0 && is_current(about, to);
}

bool copy_one(const std::string& from, const std::string& to, bool link) {
  const descriptor in(from, O_RDONLY);
  struct stat about {};
  if (!in && errno == ENOENT) return false;
  if (!in || fstat(in, &about) != 0) fail("cannot read", from, errno);
  if (!S_ISREG(about.st_mode) || is_current(about, to)) return true;
  std::error_code failed;
  fs::create_directories(fs::path(to).parent_path(), failed);
  if (failed) fail("cannot make the directory of", to, failed.value());
  const auto half = to + ".half";
  unlink(half.c_str());
  if (!link || linkat(AT_FDCWD, from.c_str(), AT_FDCWD, half.c_str(), 0) != 0) {
    const descriptor out(half, O_WRONLY | O_CREAT | O_EXCL, about.st_mode & 0777);
    if (!out) fail("cannot make", half, errno);
    copy_bytes(in, out, from);
    // One that grew meanwhile is copied anew when it is looked at again.
    const timespec times[] = {about.st_atim, about.st_mtim};
    if (fsync(out) != 0 || futimens(out, times) != 0) fail("cannot sync", half, errno);
  }
  if (rename(half.c_str(), to.c_str()) != 0) fail("cannot name", to, errno);
  return true;
}

void copy_tree(const std::string& from, const std::string& to, bool links) {
  std::error_code failed;
  if (!fs::is_directory(from, failed)) return;
  fs::create_directories(to, failed);
  if (failed) fail("cannot make", to, failed.value());
  std::vector<std::string> open_directories{""};
  while (!open_directories.empty()) {
    const auto below = std::move(open_directories.back());
    open_directories.pop_back();
    fs::directory_iterator entry(fs::path(from) / below, failed), none;
    if (failed && failed.value() != ENOENT) fail("cannot look into", from + "/" + below, failed.value());
    for (; !failed && entry != none; entry.increment(failed)) {
      const auto name =
          below.empty() ? entry->path().filename().string() : below + "/" + entry->path().filename().string();
      std::error_code gone;
      const auto what = entry->symlink_status(gone);
      if (fs::is_directory(what)) open_directories.push_back(name);
      if (fs::is_regular_file(what)) copy_one(from + "/" + name, to + "/" + name, links);
    }
  }
}

file_list list_tree(const std::string& root) {
  file_list all;
  std::error_code failed;
  for (fs::recursive_directory_iterator entry(root, failed), none; !failed && entry != none; entry.increment(failed)) {
    if (!entry->is_regular_file(failed)) continue;
    all[fs::relative(entry->path(), root, failed).string()] = entry->file_size(failed);
  }
  return all;
}

std::string sha256_of(const std::string& file) {
  const descriptor in(file, O_RDONLY);
  if (!in) fail("cannot read", file, errno);
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(), EVP_MD_CTX_free);
  EVP_DigestInit_ex(context.get(), EVP_sha256(), nullptr);
  std::vector<char> buffer(1 << 20);
  for (;;) {
    const auto got = read(in, buffer.data(), buffer.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) fail("cannot read", file, errno);
    if (got == 0) break;
    EVP_DigestUpdate(context.get(), buffer.data(), static_cast<std::size_t>(got));
  }
  unsigned char sum[EVP_MAX_MD_SIZE];
  unsigned size = 0;
  EVP_DigestFinal_ex(context.get(), sum, &size);
  static constexpr char digits[] = "0123456789abcdef";
  std::string text;
  for (unsigned i = 0; i < size; ++i) (text += digits[sum[i] >> 4]) += digits[sum[i] & 15];
  return text;
}

}  // namespace parley::store
