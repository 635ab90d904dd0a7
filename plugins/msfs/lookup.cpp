#include "lookup.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <ctime>

#include "sniff.hpp"

namespace msfs {
namespace {

constexpr std::int64_t touch_s = 3600;  // a cached thumbnail in use is marked so at most that often

std::string_view type_of(int fd) {
  char first[sniffed_bytes];
  const auto n = pread(fd, first, sizeof first, 0);
  return n > 0 ? image_type({first, static_cast<std::size_t>(n)}) : std::string_view();
}

void mark_used(int fd) {
  struct stat s;
  if (fstat(fd, &s) == 0 && s.st_mtim.tv_sec + touch_s < std::time(nullptr)) futimens(fd, nullptr);
}

}  // namespace

found look_up(const disk& store, const std::string& path) {
  found out;
  if (const auto file = disk::open(store.base(), path)) {
    out.is = found::what::file;
    out.type = type_of(file.get());
    out.path = path;
    return out;
  }
  const auto wanted = read_thumbnail_name(path);
  if (!wanted) return out;
  const auto original = disk::open(store.base(), wanted->original);
  const auto width = thumbnail_step(wanted->width), height = thumbnail_step(wanted->height);
  if (!original || width == 0 || height == 0) return out;
  out.thumbnail = {wanted->original, width, height};
  out.path = thumbnail_path(wanted->original, width, height);
  if (const auto cached = disk::open(store.thumbnails(), out.path)) {
    mark_used(cached.get());
    out.is = found::what::cached_thumbnail;
  } else {
    out.is = type_of(original.get()).empty() ? found::what::no_thumbnail : found::what::thumbnail_to_make;
  }
  return out;
}

}  // namespace msfs
