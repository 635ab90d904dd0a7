// Message text as clients encrypt it: AES-256-ECB in base64 (proto/README.md 4).
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace message {

class text_codec {
 public:
  /// Throws std::invalid_argument unless the key has 32 bytes.
  explicit text_codec(std::string_view key);

  /// Empty for an empty text.
  std::string encrypt(std::string_view text) const;
  /// Nothing when it is not what encrypt() makes, or no UTF-8 comes of it: some programs send plain text.
  std::optional<std::string> decrypt(std::string_view content) const;

 private:
  std::string key_;
};

/// Characters that base64 of the cipher takes.
constexpr std::size_t encrypted_size(std::size_t text) {
  return ((text + 4 + 15) / 16 * 16 + 2) / 3 * 4;
}

}  // namespace message
