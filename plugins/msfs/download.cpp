// GET and HEAD below /g0/. Nothing that a browser would run leaves here: what is no image by its bytes is a download.
#include "msfs.hpp"

namespace msfs {
namespace {

constexpr std::uint32_t retry_s = 2;

void say(const parley::http_request& request, unsigned code, std::string_view text) {
  const auto wait = std::to_string(retry_s);
  const parley_http_header headers[] = {
      {parley::bytes("Content-Type"), parley::bytes("text/plain; charset=utf-8")},
      {parley::bytes("Retry-After"), parley::bytes(wait)},
  };
  request.respond(code, {headers, code == 503 ? 2u : 1u}, text);
}

}  // namespace

parley::task<> msfs_plugin::on_download(parley::http_request request) {
  const auto asked = path_of_url(request.path());
  if (asked.verdict == url_verdict::malformed) co_return say(request, 400, "this path is not one\n");
  if (asked.verdict != url_verdict::fine || !disk_) co_return say(request, 404, "there is no such file\n");
  const auto seen = co_await media_.run([&] { return look_up(files(), asked.path); });
  if (!seen) co_return say(request, 503, "too many requests at once\n");
  auto end = thumbnail_end::made;
  if (seen->is == found::what::thumbnail_to_make) end = co_await make_thumbnail(seen->thumbnail);
  answer(request, *seen, end);
}

void msfs_plugin::answer(const parley::http_request& request, const found& asked, thumbnail_end end) const {
  switch (asked.is) {
    case found::what::nothing:
      return say(request, 404, "there is no such file\n");
    case found::what::file:
      return send(request, files().base(), asked.path, asked.type);
    case found::what::no_thumbnail:
      return say(request, 415, "there is no thumbnail of this file\n");
    case found::what::cached_thumbnail:
    case found::what::thumbnail_to_make:
      break;
  }
  switch (end) {
    case thumbnail_end::made:
      return send(request, files().thumbnails(), asked.path, "image/jpeg");
    case thumbnail_end::no_image:
      return say(request, 415, "there is no thumbnail of this file\n");
    case thumbnail_end::busy:
      return say(request, 503, "too many thumbnails at once\n");
    case thumbnail_end::failed:
      return say(request, 500, "the thumbnail could not be made\n");
  }
}

void msfs_plugin::send(const parley::http_request& request, const std::string& root, const std::string& path,
                       std::string_view type) const {
  const parley_http_header headers[] = {
      {parley::bytes("Content-Type"), parley::bytes(type.empty() ? "application/octet-stream" : type)},
      {parley::bytes("Cache-Control"), parley::bytes("public, max-age=31536000, immutable")},
      {parley::bytes("X-Content-Type-Options"), parley::bytes("nosniff")},
      {parley::bytes("Content-Security-Policy"), parley::bytes("default-src 'none'; sandbox")},
      {parley::bytes("Content-Disposition"), parley::bytes("attachment")},
  };
  request.respond_file(root.c_str(), path.c_str(), {headers, type.empty() ? 5u : 4u});
}

parley::task<thumbnail_end> msfs_plugin::make_thumbnail(thumbnail_name wanted) {
  if (thumbnailer_.program().empty() || hopeless_.knows(wanted.original, now_ms())) {
    co_return thumbnail_end::no_image;
  }
  const auto path = thumbnail_path(wanted.original, wanted.width, wanted.height);
  if (!under_way_.begin(path)) co_return co_await under_way_.join(path);
  thumbnails_under_way::turn turn(under_way_, path);
  const auto made = co_await thumbnailing_.run([&] { return thumbnailer_.make(files(), wanted); });
  if (!made) {
    const bool full = made.code() == parley::status::busy || made.code() == parley::status::timeout;
    if (!full) log().warn("a thumbnail failed: " + made.text());
    turn.end(full ? thumbnail_end::busy : thumbnail_end::failed);
    co_return full ? thumbnail_end::busy : thumbnail_end::failed;
  }
  if (made->end == thumbnail_end::made) {
    thumbnails_made_.add();
    thumbnail_bytes_ += made->bytes;
    if (thumbnail_bytes_ > thumbnail_space_) parley::in_background(host_edge(), tidy_by_itself());
  } else {
    thumbnails_failed_.add();
    if (made->end == thumbnail_end::no_image) hopeless_.add(wanted.original, now_ms());
  }
  turn.end(made->end);
  co_return made->end;
}

}  // namespace msfs
