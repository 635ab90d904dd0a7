// Any bytes as a form: what is found lies in the body and holds no delimiter, and names never leave the store.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string_view>
#include <vector>

#include "plugins/msfs/multipart.hpp"
#include "plugins/msfs/names.hpp"

namespace {

/// A few bytes at a time, as a slow disk would.
class small_source final : public msfs::byte_source {
 public:
  small_source(std::string_view bytes, std::size_t step) : inner_(bytes), step_(step) {}
  std::size_t read(std::uint64_t at, std::span<char> into) override {
    return inner_.read(at, into.first(std::min(into.size(), step_)));
  }

 private:
  msfs::memory_source inner_;
  std::size_t step_;
};

void require_that(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  const std::size_t step = data[0] % 64 + 1, first = std::min<std::size_t>(data[1], size - 2);
  const std::string_view all(reinterpret_cast<const char*>(data + 2), size - 2);
  const auto boundary = msfs::boundary_of(all.substr(0, first));
  const std::vector<char> own(all.begin() + static_cast<std::ptrdiff_t>(first), all.end());
  const std::string_view body(own.data(), own.size());
  (void)msfs::path_of_url(all);

  const auto used = boundary.empty() ? std::string("B") : boundary;
  msfs::memory_source whole(body);
  small_source pieces(body, step);
  const auto found = msfs::find_file(whole, used), again = msfs::find_file(pieces, used);
  require_that(found.why == again.why && found.begin == again.begin && found.size == again.size &&
               found.name == again.name);
  if (found.why != msfs::fault::none) return 0;
  require_that(found.begin + found.size <= body.size());
  require_that(body.substr(found.begin, found.size).find("\r\n--" + used + "--") == body.npos);
  const auto name = msfs::read_name(found.name);
  if (name.why == msfs::fault::none) {
    const auto path = msfs::stored_path(1, {}, name);
    require_that(msfs::is_own_path(path) && msfs::path_of_url("/g0/" + path).path == path);
  }
  return 0;
}
