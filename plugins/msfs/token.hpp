// Upload tokens: "<user>.<expiry>.<16 hex>.<HMAC-SHA256 of all that, hex>". Nothing is stored.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace msfs {

std::string random_bytes(std::size_t count);
std::string hex(std::string_view bytes);

class token_mint {
 public:
  /// The key may be any bytes, not none.
  explicit token_mint(std::string key) : key_(std::move(key)) {}

  std::string make(std::uint32_t user, std::uint64_t expires_s) const;
  /// Whose it is, if this key made it and it has not expired.
  std::optional<std::uint32_t> check(std::string_view token, std::uint64_t now_s) const;

 private:
  std::string sign(std::string_view text) const;
  std::string key_;
};

/// The key in `file`, which is made (0600) when it is not there. Throws std::runtime_error.
std::string kept_key(const std::string& file);

}  // namespace msfs
