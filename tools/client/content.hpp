#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

struct evp_cipher_ctx_st;

namespace parley::client {

/// The longest plain text whose ciphertext still fits the 4096 characters that are stored.
inline constexpr std::size_t max_text_bytes = 3068;

/// The key that every TeamTalk client carries. It hides nothing from anybody who wants to know.
inline constexpr std::string_view well_known_content_key = "12345678901234567890123456789012";

/// Text content as clients exchange it: AES-256-ECB over zero-padded text whose last four bytes hold its length
/// (big-endian), in base64. Fact: proto/README.md 4. One object per thread; no call throws on bad input.
class content_codec {
 public:
  /// `key` is exactly 32 bytes; anything else gives a codec whose calls all return nothing.
  explicit content_codec(std::string_view key = well_known_content_key);
  ~content_codec();
  content_codec(content_codec&&) noexcept;
  content_codec& operator=(content_codec&&) noexcept;

  /// Nothing when `text` is empty.
  std::optional<std::string> encrypt(std::string_view text);

  /// Nothing unless the block count is exactly the one that the stored length asks for. The bytes are returned as they
  /// were: they need not be UTF-8.
  std::optional<std::string> decrypt(std::string_view base64);

 private:
  struct free_context {
    void operator()(evp_cipher_ctx_st* context) const;
  };
  using context = std::unique_ptr<evp_cipher_ctx_st, free_context>;

  context encrypting_;
  context decrypting_;
};

}  // namespace parley::client
