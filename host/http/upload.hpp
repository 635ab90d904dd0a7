// A request's body on its way into a file.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "host/http/http_stats.hpp"

namespace parley::host {

class disk_threads;
class upload_store;

/// What the uploads of a listener, or of one address there, take together.
struct upload_quota {
  std::uint32_t uploads = 0;
  std::uint64_t bytes = 0;
};

/// Removes its file when it goes, unless that has another name by then. Outlived by its store and its quotas. [loop]
class upload {
 public:
  upload(upload_store& store, upload_quota& all, upload_quota& of_address, std::string path, std::uint64_t min_free);
  upload(const upload&) = delete;
  ~upload();

  /// As so many bytes, or more, in the accounts of its listener and its address; false when that would be more than
  /// `most` or `most_of_address` with the others'.
  bool reserve(std::uint64_t bytes, std::uint64_t most, std::uint64_t most_of_address);
  /// Appends, beside the loop; `last` closes the file. Not while busy(). `then` gets 0 or an errno, unless the upload
  /// has gone.
  void write(std::string piece, bool last, std::function<void(int failure)> then);
  bool busy() const { return then_ != nullptr; }
  /// Absolute.
  const std::string& path() const;

 private:
  struct staged_file;
  struct write_job;

  upload_store& store_;
  upload_quota& all_;
  upload_quota& of_address_;
  std::shared_ptr<staged_file> file_;
  std::function<void(int)> then_;
  std::uint64_t reserved_ = 0;
};

/// The directory of staged bodies. [loop]
class upload_store {
 public:
  upload_store(disk_threads& disk, http_stats& stats) : disk_(disk), stats_(stats) {}
  upload_store(const upload_store&) = delete;

  /// Makes it and removes what an earlier run has left. Blocks.
  void open(const std::string& directory);
  /// Null when there is no directory. ENOSPC is told before less than `min_free` bytes are left on the disk, as in
  /// http_limits.
  std::unique_ptr<upload> begin(upload_quota& all, upload_quota& of_address, std::uint64_t min_free);
  /// Why bodies cannot be stored, as far as the last one tells; else empty.
  const std::string& trouble() const { return trouble_; }

 private:
  friend class upload;
  void written(int failure, bool last);

  disk_threads& disk_;
  http_stats& stats_;
  std::string directory_;
  std::uint64_t next_ = 0;
  std::string trouble_;
};

}  // namespace parley::host
