#include "host/http/upload.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <system_error>
#include <utility>

#include "host/base/log.hpp"
#include "host/http/disk_threads.hpp"

namespace parley::host {

namespace fs = std::filesystem;

namespace {

constexpr mode_t nobody_elses = 0600, nobody_elses_directory = 0700;

int create(const std::string& path) {
  constexpr int flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
  const int descriptor = open(path.c_str(), flags, nobody_elses);
  if (descriptor >= 0 || errno != ENOENT) return descriptor;
  mkdir(fs::path(path).parent_path().c_str(), nobody_elses_directory);  // somebody tidied up
  return open(path.c_str(), flags, nobody_elses);
}

/// Whether `min_free` bytes are left behind so many more; where the disk does not say, they are.
bool has_room(int descriptor, std::uint64_t bytes, std::uint64_t min_free) {
  struct statvfs s;
  if (fstatvfs(descriptor, &s) != 0) return true;
  const std::uint64_t block = s.f_frsize, free = s.f_bavail * block;
  if (min_free == 0) min_free = std::min<std::uint64_t>(1 << 30, s.f_blocks * block / 20);
  return free >= bytes && free - bytes >= min_free;
}

int write_all(int descriptor, std::string_view bytes) {
  while (!bytes.empty()) {
    const auto n = write(descriptor, bytes.data(), bytes.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return errno;
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
  return 0;
}

}  // namespace

// The upload's and its job's: whoever is last removes it.
struct upload::staged_file {
  explicit staged_file(disk_threads& d) : disk(d) {}
  staged_file(const staged_file&) = delete;
  ~staged_file() {
    if (!created) return;
    disk.run([descriptor = descriptor, path = std::move(path)] {
      if (descriptor >= 0) close(descriptor);
      unlink(path.c_str());
    });
  }
  int append(std::string_view piece, bool last) {
    if (!created) {
      descriptor = create(path);
      if (descriptor < 0) return errno;
      created = true;
    }
    if (!has_room(descriptor, piece.size(), min_free)) return ENOSPC;
    if (const int failure = write_all(descriptor, piece)) return failure;
    if (!last) return 0;
    return close(std::exchange(descriptor, -1)) == 0 ? 0 : errno;
  }

  disk_threads& disk;
  upload* of = nullptr;  // null when it has gone
  std::string path;
  std::uint64_t min_free = 0;
  int descriptor = -1;
  bool created = false;
};

struct upload::write_job final : disk_job {
  void run_on_thread() override { failure = file->append(piece, last); }
  void back_on_loop() override {
    if (!file->of) return;
    auto& self = *file->of;
    self.store_.written(failure, last);
    std::exchange(self.then_, nullptr)(failure);
  }
  std::shared_ptr<staged_file> file;
  std::string piece;
  bool last = false;
  int failure = 0;
};

upload::upload(upload_store& store, upload_quota& all, upload_quota& of_address, std::string path,
               std::uint64_t min_free)
    : store_(store), all_(all), of_address_(of_address), file_(std::make_shared<staged_file>(store.disk_)) {
  file_->of = this;
  file_->path = std::move(path);
  file_->min_free = min_free;
  ++all_.uploads;
  ++of_address_.uploads;
  ++store_.stats_.uploads_now;
}

upload::~upload() {
  file_->of = nullptr;
  --all_.uploads;
  --of_address_.uploads;
  all_.bytes -= reserved_;
  of_address_.bytes -= reserved_;
  --store_.stats_.uploads_now;
  store_.stats_.staged_now -= reserved_;
}

bool upload::reserve(std::uint64_t bytes, std::uint64_t most, std::uint64_t most_of_address) {
  if (bytes <= reserved_) return true;
  const auto more = bytes - reserved_;
  const auto fits = [more](const upload_quota& in, std::uint64_t limit) {
    return more <= limit && in.bytes <= limit - more;
  };
  if (!fits(all_, most) || !fits(of_address_, most_of_address)) return false;
  reserved_ = bytes;
  all_.bytes += more;
  of_address_.bytes += more;
  store_.stats_.staged_now += more;
  return true;
}

void upload::write(std::string piece, bool last, std::function<void(int)> then) {
  then_ = std::move(then);
  auto job = std::make_unique<write_job>();
  job->file = file_;
  job->piece = std::move(piece);
  job->last = last;
  store_.disk_.run(std::move(job));
}

const std::string& upload::path() const {
  return file_->path;
}

void upload_store::open(const std::string& directory) {
  std::error_code failed;
  directory_ = fs::absolute(directory, failed).lexically_normal().string();
  if (mkdir(directory_.c_str(), nobody_elses_directory) != 0 && errno != EEXIST) {
    trouble_ = "uploads cannot be stored in " + directory_ + ": " + std::strerror(errno);
  }
  for (fs::directory_iterator left(directory_, failed), end; !failed && left != end; left.increment(failed)) {
    std::error_code ignored;
    fs::remove_all(left->path(), ignored);
  }
  if (failed && trouble_.empty()) trouble_ = "uploads cannot be stored in " + directory_ + ": " + failed.message();
  if (!trouble_.empty()) log_of("http")->warn("{}", trouble_);
}

std::unique_ptr<upload> upload_store::begin(upload_quota& all, upload_quota& of_address, std::uint64_t min_free) {
  if (directory_.empty()) return nullptr;
  return std::make_unique<upload>(*this, all, of_address, directory_ + '/' + std::to_string(++next_), min_free);
}

void upload_store::written(int failure, bool last) {
  if (failure) {
    trouble_ = "uploads cannot be stored in " + directory_ + ": " + std::strerror(failure);
  } else if (last) {
    trouble_.clear();
  }
}

}  // namespace parley::host
