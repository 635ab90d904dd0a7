// Numbers that people write: of verbs and URLs.
#pragma once

#include <charconv>
#include <cstdint>
#include <optional>
#include <string_view>

namespace parley {

/// All of `text` as decimal digits, of at most `most`; nothing when it is anything else.
inline std::optional<std::uint32_t> whole_number(std::string_view text, std::uint32_t most = UINT32_MAX) {
  std::uint32_t found = 0;
  const auto* end = text.data() + text.size();
  const auto [at, fault] = std::from_chars(text.data(), end, found);
  if (fault != std::errc() || at != end || found > most) return std::nullopt;
  return found;
}

}  // namespace parley
