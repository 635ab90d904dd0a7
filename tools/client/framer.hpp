#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

#include "client/pdu.hpp"

namespace parley::client {

/// Cuts a byte stream into PDUs. Complete ones are handed out in place; only what is cut off at the end of a chunk is
/// copied. [one thread]
class framer {
 public:
  enum class outcome {
    more,        ///< everything complete was handed out
    stopped,     ///< the sink returned false; the rest of the chunk is dropped
    bad_length,  ///< a length below 16 or above the limit: the stream cannot be read any further
  };

  explicit framer(std::uint32_t max_length = default_max_length) : max_length_(max_length) {}

  /// Calls `bool sink(const pdu&)` for each complete PDU, in order.
  template <class Sink>
  outcome feed(std::string_view chunk, Sink&& sink) {
    while (!kept_.empty()) {
      const std::size_t wanted = kept_.size() < header::size ? header::size : read_header(kept_.data()).length;
      const std::size_t take = std::min(wanted - kept_.size(), chunk.size());
      kept_.append(chunk.substr(0, take));
      chunk.remove_prefix(take);
      if (kept_.size() < wanted) return outcome::more;
      const header head = read_header(kept_.data());
      if (!legal(head)) return outcome::bad_length;
      if (kept_.size() < head.length) continue;
      const std::string whole = std::exchange(kept_, {});
      if (!sink(pdu{head, std::string_view(whole).substr(header::size)})) return outcome::stopped;
    }
    while (chunk.size() >= header::size) {
      const header head = read_header(chunk.data());
      if (!legal(head)) return outcome::bad_length;
      if (chunk.size() < head.length) break;
      const pdu next{head, chunk.substr(header::size, head.length - header::size)};
      chunk.remove_prefix(head.length);
      if (!sink(next)) return outcome::stopped;
    }
    kept_.assign(chunk);
    return outcome::more;
  }

 private:
  bool legal(const header& head) const { return head.length >= header::size && head.length <= max_length_; }

  std::uint32_t max_length_;
  std::string kept_;
};

}  // namespace parley::client
