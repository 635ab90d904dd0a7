// Whatever bytes stand in a manifest, reading them ends, throws nothing and says what is wrong where.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "host/config/manifest.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::vector<parley::host::diagnostic> errors;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  parley::host::parse_manifest(text, "fuzz.yaml", errors);
  for (const auto& e : errors) {
    if (e.text.empty() || e.at.line < 0 || e.at.file != "fuzz.yaml") std::abort();
  }
  return 0;
}
