// Any file given to `users import`: every line becomes a user that fits the schema, or a fault with its line.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "plugins/login/new_user.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto lines = static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n')) + 1;
  const auto file = login::read_import(text);
  for (const auto& fault : file.faults) {
    if (fault.text.empty() || fault.line == 0 || fault.line > lines) std::abort();
  }
  for (const auto& user : file.users) {
    if (!login::fault_of(user).empty() || user.secret.size() != 32 || user.line > lines) std::abort();
  }
  return 0;
}
