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
  if (fstat(fd, &s) != 0 || s.st_atim.tv_sec + touch_s >= std::time(nullptr)) return;
  const timespec times[] = {{0, UTIME_NOW}, {0, UTIME_OMIT}};  // the other one is in its ETag
  futimens(fd, times);
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
  out.thumbnail = boxed(*wanted);
  if (!original || out.thumbnail.width == 0) return out;
  out.path = thumbnail_path(wanted->original, out.thumbnail.width, out.thumbnail.height);
  if (const auto cached = disk::open(store.thumbnails(), out.path)) {
    mark_used(cached.get());
    out.is = found::what::cached_thumbnail;
  } else {
    out.is = type_of(original.get()).empty() ? found::what::no_thumbnail : found::what::thumbnail_to_make;
  }
  return out;
}

}  // namespace msfs
