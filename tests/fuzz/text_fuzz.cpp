// What counts as text: the SDK's reader of UTF-8 agrees with one that is written as the definition is, wherever the
// bytes lie; and a text that is cut is still one.
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string_view>
#include <vector>

#include "parley/utf8.hpp"
#include "plugins/message/content.hpp"

namespace {

/// By the code points.
std::optional<std::size_t> characters(std::string_view text) {
  std::size_t count = 0;
  for (std::size_t i = 0; i < text.size(); ++count) {
    const auto lead = static_cast<unsigned char>(text[i++]);
    const int follow = lead < 0x80             ? 0
                       : (lead & 0xe0) == 0xc0 ? 1
                       : (lead & 0xf0) == 0xe0 ? 2
                       : (lead & 0xf8) == 0xf0 ? 3
                                               : -1;
    if (follow < 0 || text.size() - i < static_cast<std::size_t>(follow)) return std::nullopt;
    constexpr std::uint32_t bits[] = {0x7f, 0x1f, 0x0f, 0x07}, least[] = {0, 0x80, 0x800, 0x10000};
    std::uint32_t point = lead & bits[follow];
    for (int k = 0; k < follow; ++k) {
      const auto byte = static_cast<unsigned char>(text[i++]);
      if ((byte & 0xc0) != 0x80) return std::nullopt;
      point = point << 6 | (byte & 0x3fu);
    }
    if (point < least[follow] || point > 0x10ffff || (point >= 0xd800 && point <= 0xdfff)) return std::nullopt;
  }
  return count;
}

void require(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::vector<char> own(data, data + size);  // of its own size, so that reading past the end is seen
  const std::string_view text(own.data(), own.size());
  const auto count = parley::utf8_characters(text);
  require(count == characters(text));
  const bool valid = count && text.find('\0') == text.npos;
  require(parley::storable_characters(text) == (valid ? count : std::nullopt));
  require(parley::storable(text, size) == valid);
  if (valid && *count > 0) require(!parley::storable(text, *count - 1));
  const auto found = message::check_text(text);
  require(static_cast<bool>(found) == (valid && *count >= 1 && *count <= message::text_characters));
  if (count && size > 0) {
    const auto cut = parley::cut_text(text, data[0] % size);
    require(parley::utf8_characters(cut).has_value() && cut.size() <= data[0] % size + 3);
  }
  if (message::check_audio(text, 1 << 16)) (void)message::duration_of(text);
  return 0;
}
