#pragma once

#include <sys/stat.h>
#include <cstdint>
#include <memory>
#include <string>

#include "client/file_blocks.hpp"

namespace parley::client {

/// A descriptor that closes itself.
class descriptor {
 public:
  explicit descriptor(int fd = -1) : fd_(fd) {}
  ~descriptor();
  descriptor(descriptor&& other) noexcept : fd_(other.fd_) { other.fd_ = -1; }
  descriptor& operator=(descriptor&& other) noexcept;
  int get() const { return fd_; }

 private:
  int fd_;
};

/// Gives the complete file `part` the name `wanted`, or that with a number when it is taken: nothing is overwritten.
/// Returns the name.
result<std::string> keep_file(const std::string& part, const std::string& wanted);

/// A regular file that is sent. It is kept open: another one of that name is not mixed into it, and a change is
/// noticed.
class sent_file : public block_source {
 public:
  /// Not a regular file, unreadable, or more than a transfer can say (4 GiB): an error with a sentence.
  static result<std::shared_ptr<sent_file>> open(const std::string& path);

  result<> read(std::uint32_t offset, std::uint32_t size, std::string& out) override;
  const std::string& path() const { return path_; }
  std::uint32_t size() const { return static_cast<std::uint32_t>(as_found_.st_size); }

 private:
  sent_file(std::string path, descriptor file, const struct stat& as_found)
      : path_(std::move(path)), file_(std::move(file)), as_found_(as_found) {}

  std::string path_;
  descriptor file_;
  struct stat as_found_;
};

/// A file that arrives: ".TASK-ID.part" in the directory of its final name until it is whole. One that an earlier
/// process left is gone on with, from where it surely is on the disk.
class received_file : public block_sink {
 public:
  /// `wanted` is the path it is to have. Taken by somebody else, or no such directory: an error with a sentence.
  static result<std::shared_ptr<received_file>> open(const std::string& wanted, const std::string& task_id,
                                                     std::uint32_t size);

  std::uint32_t received() const override { return received_; }
  result<> go_back(std::uint32_t offset) override;
  result<> append(std::string_view block) override;
  /// Synced, then renamed. What has its name already stays: this one gets a number.
  result<> complete() override;

  /// Where it is once it is complete; another path than was wanted when that was taken.
  const std::string& path() const { return path_; }
  const std::string& wanted() const { return wanted_; }
  /// Nothing of it is kept, unless it is complete.
  void discard();

 private:
  received_file(std::string wanted, std::string part, descriptor file, std::uint32_t size, std::uint32_t received)
      : wanted_(std::move(wanted)), part_(std::move(part)), file_(std::move(file)), size_(size), received_(received) {}

  std::string wanted_;
  std::string part_;
  std::string path_;
  descriptor file_;
  std::uint32_t size_;
  std::uint32_t received_;
  std::uint32_t synced_ = 0;
};

}  // namespace parley::client
