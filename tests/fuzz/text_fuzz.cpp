// What counts as text: both plugins' readers of UTF-8 agree, wherever the bytes lie.
#include <cstdint>
#include <cstdlib>
#include <string_view>
#include <vector>

#include "plugins/login/text.hpp"
#include "plugins/message/content.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::vector<char> own(data, data + size);  // of its own size, so that reading past the end is seen
  const std::string_view text(own.data(), own.size());
  const auto count = message::count_characters(text);
  const bool valid = count != std::string_view::npos;
  if (valid != login::storable(text, size)) std::abort();
  if (valid && count != login::characters(text)) std::abort();
  const auto found = message::check_text(text);
  if (static_cast<bool>(found) != (valid && count >= 1 && count <= message::text_characters)) std::abort();
  if (message::check_audio(text, 1 << 16)) (void)message::duration_of(text);
  return 0;
}
