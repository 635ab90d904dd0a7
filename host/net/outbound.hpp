// What a session has yet to send.
#pragma once

#include <uv.h>

#include <algorithm>
#include <cstddef>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace parley::host {

/// Bytes that many sessions send: kept once, until the last of them has.
using shared_bytes = std::shared_ptr<const std::string>;

/// Its own bytes, and among them shared ones at their places. An empty one owns nothing.
class outbound {
 public:
  outbound() = default;
  explicit outbound(std::string bytes) : own(std::move(bytes)) {}

  std::string own;

  /// Behind everything so far.
  void share(shared_bytes bytes) {
    if (!pieces_) pieces_ = std::make_unique<std::vector<piece>>();
    shared_size_ += bytes->size();
    pieces_->push_back({own.size(), std::move(bytes)});
  }
  std::size_t size() const { return own.size() + shared_size_; }
  bool empty() const { return size() == 0; }

  /// Appends what is behind the first `skip` bytes to `out`; borrowed.
  void buffers(std::size_t skip, std::vector<uv_buf_t>& out) const {
    const auto add = [&](const char* data, std::size_t length) {
      const auto left_out = std::min(skip, length);
      skip -= left_out;
      // uv_buf_t is not const, though nobody writes to it.
      if (length > left_out) {
        out.push_back(uv_buf_init(const_cast<char*>(data) + left_out, static_cast<unsigned>(length - left_out)));
      }
    };
    std::size_t at = 0;
    if (pieces_) {
      for (const auto& one : *pieces_) {
        add(own.data() + at, one.at - at);
        add(one.bytes->data(), one.bytes->size());
        at = one.at;
      }
    }
    add(own.data() + at, own.size() - at);
  }

  /// Everything, leaving this empty.
  outbound take() { return std::exchange(*this, outbound()); }

 private:
  struct piece {
    std::size_t at;  // in own
    shared_bytes bytes;
  };
  std::unique_ptr<std::vector<piece>> pieces_;
  std::size_t shared_size_ = 0;
};

}  // namespace parley::host
