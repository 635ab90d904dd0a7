// The store on disk: BASE/AAA/BBB/NAME as TeamTalk has it, and BASE/.parley of our own. No symbolic link below BASE is
// followed. Everything may block. [worker]
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "descriptor.hpp"

namespace msfs {

/// A file that is being written, under a name nobody is told. Gone with its object unless published.
class incoming {
 public:
  incoming() = default;
  incoming(descriptor file, std::string path) : file_(std::move(file)), path_(std::move(path)) {}
  incoming(incoming&& other) noexcept : file_(std::move(other.file_)), path_(std::exchange(other.path_, {})) {}
  incoming& operator=(incoming&& other) noexcept {
    std::swap(file_, other.file_);
    std::swap(path_, other.path_);
    return *this;
  }
  ~incoming();

  int fd() const { return file_.get(); }
  const std::string& path() const { return path_; }
  void published() { path_.clear(); }

 private:
  descriptor file_;  // locked as long as it is open: so that nobody takes it for a crash's remains
  std::string path_;
};

class disk {
 public:
  /// Makes what is missing. Throws std::system_error.
  explicit disk(std::string base);

  const std::string& base() const { return base_; }
  const std::string& thumbnails() const { return thumbnails_; }
  /// 16 hex digits, made once: rows of one database may be of several stores.
  const std::string& id() const { return id_; }

  /// A regular file below `base` (or below thumbnails()), read only; errno says why not.
  static descriptor open(const std::string& base, std::string_view path);

  incoming make_incoming() const;
  /// Copies a region of `from` behind what `to` has. Throws std::system_error; of ENOSPC and EDQUOT too.
  static void copy(int from, std::uint64_t at, std::uint64_t size, int to);
  /// Under its name, synced; only then it is there. Throws.
  static void publish(incoming& file, const std::string& base, const std::string& path);
  /// False when it was not there. Throws.
  bool remove(const std::string& path) const;
  /// Its thumbnails; how many bytes they had.
  std::uint64_t remove_thumbnails(std::string_view original) const;

  /// Takes away what crashed uploads left; how many.
  std::size_t sweep_incoming() const;

  struct entry {
    std::string path;
    std::uint64_t size = 0;
    std::int64_t changed_s = 0;
  };
  /// Regular files with names of the store, in directory AAA, in order of path. Throws.
  static std::vector<entry> list(const std::string& base, unsigned aaa);

 private:
  std::string base_;
  std::string incoming_;
  std::string thumbnails_;
  std::string id_;
};

}  // namespace msfs
