#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "client/content.hpp"

namespace parley::bench {

/// The texts of a run: each names the run, the sender and the number of the message, and is filled up to its size. A
/// receiver can tell from the text alone which message it is, and whether a byte of it changed.
class pattern {
 public:
  static constexpr std::size_t least_size = 24;

  struct mark {
    std::uint32_t sender;
    std::uint32_t number;
  };

  /// `size`: bytes of plain text, at least least_size.
  explicit pattern(std::size_t size);

  /// The sealed text.
  std::string write(mark which);

  enum class kind { ours, foreign, damaged };
  struct reading {
    kind what;
    mark which;
  };
  /// Foreign: a text of another run, or no text of a benchmark at all.
  reading read(std::string_view sealed);

  /// 24 characters, the same for the same message.
  std::string client_msg_id(mark which) const;

 private:
  std::uint32_t run_;
  std::string text_;
  client::content_codec codec_;
};

}  // namespace parley::bench
