#include "crash/shim/power_cut.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "crash/shim/undo_record.hpp"
#include "support/failure.hpp"
#include "support/temp_dir.hpp"

namespace parley::crash {
namespace {

constexpr std::uint64_t sector = 512;

struct entry {
  undo_record record;
  std::string_view kept;
};

/// A record that was cut short belongs to a write that never happened.
std::vector<entry> entries_of(std::string_view log) {
  std::vector<entry> out;
  for (std::size_t at = 0; at + sizeof(undo_record) <= log.size();) {
    undo_record record{};
    std::memcpy(&record, log.data() + at, sizeof record);
    at += sizeof record;
    if (at + record.kept > log.size()) break;
    out.push_back({record, log.substr(at, record.kept)});
    at += record.kept;
  }
  return out;
}

class file {
 public:
  explicit file(const std::string& path) : path_(path), fd_(open(path.c_str(), O_RDWR | O_CLOEXEC)) {
    if (fd_ < 0) fail("open");
  }
  ~file() { close(fd_); }
  file(const file&) = delete;
  file& operator=(const file&) = delete;

  std::uint64_t size() const { return static_cast<std::uint64_t>(lseek(fd_, 0, SEEK_END)); }
  std::string read(std::uint64_t at, std::uint64_t count) const {
    std::string out(count, '\0');
    const auto got = pread(fd_, out.data(), count, static_cast<off_t>(at));
    out.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
    return out;
  }
  void write(std::uint64_t at, std::string_view bytes) {
    if (pwrite(fd_, bytes.data(), bytes.size(), static_cast<off_t>(at)) != static_cast<ssize_t>(bytes.size())) {
      fail("write");
    }
  }
  void resize(std::uint64_t to) {
    if (ftruncate(fd_, static_cast<off_t>(to)) != 0) fail("resize");
  }

 private:
  [[noreturn]] void fail(const char* what) const { throw test::failure(std::string("cannot ") + what + " " + path_); }

  std::string path_;
  int fd_;
};

/// The touched sectors as they are now, in full.
std::map<std::uint64_t, std::string> touched(const file& of, const std::vector<entry>& entries) {
  std::map<std::uint64_t, std::string> out;
  for (const auto& [record, kept] : entries) {
    const auto end = record.offset + record.written;
    for (auto at = record.offset / sector * sector; at < end; at += sector) {
      auto [found, fresh] = out.try_emplace(at);
      if (fresh) found->second = of.read(at, sector);
    }
  }
  return out;
}

std::uint64_t apply(const std::string& path, const std::vector<entry>& entries, loss how, std::mt19937_64& random) {
  file target(path);
  const auto size_now = target.size();
  const auto sectors = how == loss::some ? touched(target, entries) : std::map<std::uint64_t, std::string>{};
  std::uint64_t lost = 0;
  for (auto each = entries.rbegin(); each != entries.rend(); ++each) {
    if (!each->kept.empty()) target.write(each->record.offset, each->kept);
    target.resize(each->record.file_size);
    lost += std::max<std::uint64_t>(each->record.written, each->kept.size());
  }
  if (how == loss::everything) return lost;
  const bool size_lasts = random() % 2 == 0;
  const auto size = size_lasts ? size_now : target.size();
  if (size_lasts) target.resize(size);
  for (const auto& [at, bytes] : sectors) {
    if (at >= size || random() % 2 == 0) continue;
    const auto part = std::string_view(bytes).substr(0, size - at);
    target.write(at, part);
    lost -= std::min<std::uint64_t>(lost, part.size());
  }
  return lost;
}

std::string name_of(const std::filesystem::path& path) {
  struct statx about {};
  if (statx(AT_FDCWD, path.c_str(), AT_SYMLINK_NOFOLLOW, STATX_INO | STATX_BTIME, &about) != 0) return {};
  return log_name(about.stx_ino, static_cast<std::uint64_t>(about.stx_btime.tv_sec), about.stx_btime.tv_nsec);
}

}  // namespace

std::uint64_t cut_power(const std::filesystem::path& data, const std::filesystem::path& undo, loss how,
                        std::uint64_t seed) {
  std::map<std::string, std::filesystem::path> paths;
  for (const auto& one : std::filesystem::recursive_directory_iterator(data)) {
    if (one.is_regular_file()) paths[name_of(one.path())] = one.path();
  }
  std::vector<std::filesystem::path> logs;
  for (const auto& one : std::filesystem::directory_iterator(undo)) logs.push_back(one.path());
  std::sort(logs.begin(), logs.end());
  std::mt19937_64 random(seed);
  std::uint64_t lost = 0;
  for (const auto& log : logs) {
    const auto bytes = test::read_file(log);
    const auto entries = entries_of(bytes);
    const auto found = paths.find(log.filename().string());  // a removed file stays removed
    if (found != paths.end() && !entries.empty()) lost += apply(found->second.string(), entries, how, random);
    std::filesystem::remove(log);
  }
  return lost;
}

}  // namespace parley::crash
