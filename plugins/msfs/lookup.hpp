// What lies behind a path that was asked for. [worker]
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "disk.hpp"
#include "names.hpp"

namespace msfs {

struct found {
  enum class what { nothing, file, cached_thumbnail, thumbnail_to_make, no_thumbnail } is = what::nothing;
  std::string_view type;     // file: image/..., or empty, which is no image
  std::string path;          // below the store, or for a thumbnail below its thumbnails()
  thumbnail_name thumbnail;  // to make, in one of the few sizes
};

/// A file of exactly that name goes before a thumbnail.
found look_up(const disk& store, const std::string& path);

}  // namespace msfs
