// What a message may contain.
#pragma once

#include <cstddef>
#include <cstdint>
#include <mutex>
#include <parley/status.hpp>
#include <string>
#include <string_view>

namespace message {

/// TeamTalk's content column.
inline constexpr std::size_t text_characters = 4096;
/// A larger recording would fit into no PDU that every client takes (proto/README.md 1).
inline constexpr std::size_t audio_bytes = 380 << 10;
inline constexpr std::size_t client_id_bytes = 64;

/// Four big-endian bytes of seconds stand before a recording.
inline constexpr std::size_t duration_bytes = 4;
std::uint32_t duration_of(std::string_view audio);
std::string with_duration(std::uint32_t seconds, std::string_view recording);

struct finding {
  parley::status code = parley::status::ok;
  const char* text = "";
  explicit operator bool() const { return code == parley::status::ok; }
};

finding check_text(std::string_view content);
finding check_audio(std::string_view content, std::size_t max_bytes);
finding check_client_id(std::string_view id);

/// "[语音]" as clients encrypt text (proto/README.md 4): what stands for a recording in lists. It is made at its first
/// use: a cipher's first steps would be half of what a reload takes of the loop.
class audio_placeholder {
 public:
  /// Throws std::invalid_argument unless the key has 32 bytes.
  explicit audio_placeholder(std::string_view key);
  /// Base64. [any]
  const std::string& text() const;

 private:
  const std::string key_;
  mutable std::once_flag making_;
  mutable std::string text_;
};

}  // namespace message
