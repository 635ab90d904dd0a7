// What is remembered of who uploads and asks for thumbnails, so that refusing them costs little. Bounded. [loop]
#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>

namespace msfs {

/// By user or address: how many uploads lately, and what was left of the quotas at the last one.
class recent_uploaders {
 public:
  /// So many a minute, and at once; 0: no limit.
  explicit recent_uploaders(std::uint32_t per_minute) : per_minute_(per_minute) {}

  /// False: that is one too many.
  bool take(const std::string& who, std::uint64_t now_ms);
  void remember(const std::string& who, std::uint64_t left, std::uint64_t now_ms);
  /// UINT64_MAX where nothing is known that is recent enough: quotas are held at the commit.
  std::uint64_t left(const std::string& who, std::uint64_t now_ms) const;
  /// Somebody's quota came back.
  void forget_left() { left_.clear(); }

 private:
  struct figure {
    std::uint64_t left = 0;
    std::uint64_t at_ms = 0;
  };
  std::uint32_t per_minute_;
  std::unordered_map<std::string, std::uint64_t> free_at_ms_;  // when the last one's share of time has passed
  std::unordered_map<std::string, figure> left_;
};

/// How many of an address wait for something.
class pending_by_address {
 public:
  /// One of them, or false, when there are `most` already.
  class place {
   public:
    place(pending_by_address& all, std::string address, std::uint32_t most);
    place(const place&) = delete;
    ~place();
    explicit operator bool() const { return taken_; }

   private:
    pending_by_address& all_;
    std::string address_;
    bool taken_;
  };

 private:
  std::unordered_map<std::string, std::uint32_t> count_;
};

}  // namespace msfs
