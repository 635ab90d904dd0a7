// Thumbnails are made by a program of their own, parley-thumbnail, within limits of memory and time: images are
// hostile, and their decoders have bugs. What it makes is kept below the store's thumbnails().
#pragma once

#include <coroutine>
#include <cstdint>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "disk.hpp"
#include "names.hpp"

namespace msfs {

enum class thumbnail_end { made, no_image, busy, failed };

class thumbnailer {
 public:
  struct limits {
    std::uint64_t pixels = 0;
    std::uint64_t memory = 0;  // of the program, bytes of address space
    std::uint32_t seconds = 0;
  };
  /// An empty `program` is looked for beside parleyd: ../libexec/parley-thumbnail.
  thumbnailer(std::string program, const limits& most);

  /// Empty: there is none, and no thumbnail is made.
  const std::string& program() const { return program_; }
  /// The bytes it has, once it is there. [worker]
  struct outcome {
    thumbnail_end end = thumbnail_end::failed;
    std::uint64_t bytes = 0;
  };
  outcome make(const disk& store, const thumbnail_name& wanted) const;

 private:
  std::string program_;
  limits most_;
};

/// However many ask for a thumbnail, it is made once. [loop]
class thumbnails_under_way {
  struct work {
    std::vector<std::coroutine_handle<>> waiting;
    thumbnail_end end = thumbnail_end::failed;
  };

 public:
  /// Ends with end() at the latest with this object: those who wait go on then.
  class turn {
   public:
    turn(thumbnails_under_way& all, std::string path) : all_(all), path_(std::move(path)) {}
    turn(const turn&) = delete;
    turn& operator=(const turn&) = delete;
    ~turn() { all_.finish(path_, end_); }
    void end(thumbnail_end how) { end_ = how; }

   private:
    thumbnails_under_way& all_;
    std::string path_;
    thumbnail_end end_ = thumbnail_end::failed;
  };
  class waiting {
   public:
    explicit waiting(std::shared_ptr<work> on) : on_(std::move(on)) {}
    bool await_ready() const noexcept { return false; }
    void await_suspend(std::coroutine_handle<> who) { on_->waiting.push_back(who); }
    thumbnail_end await_resume() const noexcept { return on_->end; }

   private:
    std::shared_ptr<work> on_;
  };

  /// False: somebody makes it already, join() them. True: make it, under a `turn`.
  bool begin(const std::string& path);
  waiting join(const std::string& path) { return waiting(all_.at(path)); }

 private:
  void finish(const std::string& path, thumbnail_end how);
  std::unordered_map<std::string, std::shared_ptr<work>> all_;
};

/// Originals of which no thumbnail can be made: asked for again, they cost nothing for a while. [loop]
class remembered_failures {
 public:
  bool knows(const std::string& original, std::uint64_t now_ms) const;
  void add(const std::string& original, std::uint64_t now_ms);

 private:
  std::unordered_map<std::string, std::uint64_t> until_ms_;
};

}  // namespace msfs
