// Files that were answered with a moment ago stay open for the next who asks.
#pragma once

#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

#include "host/http/disk_threads.hpp"
#include "host/http/open_file.hpp"
#include "host/net/loop_timer.hpp"

namespace parley::host {

using shared_file = std::shared_ptr<const open_file>;  // a transfer's, and the cache's for a second

/// Bounded in number and time; a file that was written, replaced or removed is noticed at once. [loop]
class file_cache {
 public:
  file_cache(loop& l, disk_threads& disk) : loop_(l), disk_(disk), sweep_(l, [this] { sweep(); }) {}
  file_cache(const file_cache&) = delete;

  /// As open_below(); EAGAIN when open() has to be asked. is_path_below(path).
  int find(const char* root, const char* path, shared_file& out);
  /// `then` gets 0 and the file, or an errno.
  void open(const char* root, const char* path, std::function<void(int failure, shared_file file)> then);
  void clear();
  std::size_t size() const { return files_.size(); }

 private:
  struct entry {
    shared_file file;
    std::uint64_t until_ms;
    std::list<const std::string*>::iterator place;
  };
  using entries = std::unordered_map<std::string, entry>;

  shared_file share(std::unique_ptr<open_file> file);
  void add(std::string key, shared_file file);
  void drop(entries::iterator which);
  void sweep();

  loop& loop_;
  disk_threads& disk_;
  entries files_;                        // by root, NUL, path
  std::list<const std::string*> aging_;  // oldest first
  std::string key_;
  loop_timer sweep_;
};

}  // namespace parley::host
