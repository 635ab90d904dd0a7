// A regular file that is being answered with: opened below a root that nothing gets out of, and what is known of it.
//
// Rationale: whether sendfile() would wait for the disk cannot be asked of it; mincore() of a mapping that nobody ever
// touches can be asked, for a microsecond per megabyte. So what lies in the page cache is sent by the loop itself, and
// only the rest is read beside it first. The kernel tells the truth about files that are ours alone.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

namespace parley::host {

struct file_facts {
  std::uint64_t inode = 0;
  std::uint64_t size = 0;
  std::int64_t modified_s = 0;
  std::int64_t modified_ns = 0;  // of that second

  bool operator==(const file_facts&) const = default;
};

class open_file {
 public:
  /// Takes the descriptor of a regular file.
  open_file(int descriptor, const file_facts& facts, bool ours);
  open_file(const open_file&) = delete;
  ~open_file();

  int descriptor() const { return descriptor_; }
  const file_facts& facts() const { return facts_; }
  /// Strong: made of all facts, with quotes.
  const std::string& etag() const { return etag_; }
  /// As an HTTP date.
  const std::string& last_modified() const { return last_modified_; }
  /// Still there under some name, and not written since.
  bool unchanged() const;
  /// Its name is gone: closing it may mean to free what it held.
  bool removed() const;
  /// Whether these bytes can be sent without waiting for a disk.
  bool resident(std::uint64_t from, std::size_t size) const;
  /// Makes them so. False when they cannot be read. Blocks. [any]
  bool load(std::uint64_t from, std::size_t size) const;
  /// Appends these bytes if they are there without waiting, else nothing and false.
  bool read_now(std::string& out, std::uint64_t from, std::size_t size) const;

 private:
  const int descriptor_;
  const file_facts facts_;
  const std::string etag_;
  const std::string last_modified_;
  void* mapping_ = nullptr;
};

/// A path that open_below() takes: relative, no empty, "." or ".." segment.
bool is_path_below(const char* path);

/// Opens the regular file at `path` below `root`, following no symbolic link below it; `out` is set when it returns 0,
/// else an errno. Without `may_wait` EAGAIN says that a disk would have to be asked, or that this kernel cannot tell.
/// [any]
int open_below(const char* root, const char* path, bool may_wait, std::unique_ptr<open_file>& out);

/// The same on kernels without openat2(), component by component. Blocks. [any]
int open_stepwise(const char* root, const char* path, std::unique_ptr<open_file>& out);

}  // namespace parley::host
