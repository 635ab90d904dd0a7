#include "sniff.hpp"

namespace msfs {

std::string_view image_type(std::string_view first) {
  using namespace std::string_view_literals;
  if (first.starts_with("\xff\xd8\xff"sv)) return "image/jpeg";
  if (first.starts_with("\x89PNG\r\n\x1a\n"sv)) return "image/png";
  if (first.starts_with("GIF87a"sv) || first.starts_with("GIF89a"sv)) return "image/gif";
  if (first.starts_with("RIFF"sv) && first.size() >= 12 && first.substr(8, 4) == "WEBP"sv) return "image/webp";
  // "BM" alone may begin a text: the two reserved words behind the size are 0, and the header is one of the known ones.
  if (first.starts_with("BM"sv) && first.size() >= 18 && first.substr(6, 4) == "\0\0\0\0"sv) {
    const auto header = static_cast<unsigned char>(first[14]);
    const bool known = header == 12 || header == 40 || header == 52 || header == 56 || header == 108 || header == 124;
    if (known && first.substr(15, 3) == "\0\0\0"sv) return "image/bmp";
  }
  return {};
}

}  // namespace msfs
