// What a notification says.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace push {

/// How much of a message a notification tells: alert's three values.
enum class privacy { full, sender, none };
privacy privacy_of(std::string_view word);

/// What clients encrypt text with; key of 32 bytes, else it throws std::invalid_argument.
class content_key {
 public:
  explicit content_key(std::string_view key);
  /// Nothing when it is not what clients make of a text.
  std::optional<std::string> decrypt(std::string_view content) const;

 private:
  std::string key_;
};

/// A message, as far as its notification needs it.
struct substance {
  enum class kind : std::uint8_t { text, unspoken, audio } what = kind::unspoken;  // unspoken: a picture, or unreadable
  std::string text;
};
/// Of the event's msg_type and msg_data; nullptr: it was left out.
substance substance_of(std::uint32_t msg_type, const std::string* msg_data, const content_key& key);

/// Empty at privacy::none.
std::string alert_text(const substance& message, std::string_view sender, bool group, privacy how, std::size_t bytes);

}  // namespace push
