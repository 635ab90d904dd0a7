// GET and HEAD below /g0/. Nothing that a browser would run leaves here: what is no image by its bytes is a download.
#include "msfs.hpp"

namespace msfs {
namespace {

constexpr std::uint32_t retry_s = 2;
constexpr std::uint32_t most_of_one_address = 16;  // thumbnails that are waited for

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
  if (const auto* known = lately_.get(asked.path, now_ms())) {
    co_return answer(request, *known, thumbnail_end::made);
  }
  const auto address = quota_address(request.peer());
  const auto epoch = lately_.epoch();
  const auto seen = co_await lookups_.run([&] { return look_up(files(), asked.path); }, longest_wait_ms);
  if (!seen) co_return say(request, 503, "too many requests at once\n");
  lately_.add(asked.path, *seen, epoch, now_ms());
  auto end = thumbnail_end::made;
  if (seen->is == found::what::thumbnail_to_make) end = co_await make_thumbnail(seen->thumbnail, address);
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

parley::task<thumbnail_end> msfs_plugin::make_thumbnail(thumbnail_name wanted, std::string address) {
  if (thumbnailer_.program().empty() || hopeless_.knows(wanted.original, now_ms())) {
    co_return thumbnail_end::no_image;
  }
  const auto path = thumbnail_path(wanted.original, wanted.width, wanted.height);
  if (under_way_.has(path)) co_return co_await under_way_.join(path);
  if (thumbnail_bytes_ > thumbnail_space_) {
    if (!evicting_ && now_ms() >= next_eviction_ms_) parley::in_background(host_edge(), evict_by_itself());
    co_return thumbnail_end::busy;
  }
  const pending_by_address::place place(pending_thumbnails_, address, most_of_one_address);
  if (!place) co_return thumbnail_end::busy;
  under_way_.begin(path);
  thumbnails_under_way::turn turn(under_way_, path);
  const auto made = co_await thumbnailing_.run([&] { return thumbnailer_.make(files(), wanted); }, longest_wait_ms);
  if (!made) {
    const bool full = made.code() == parley::status::busy || made.code() == parley::status::timeout;
    if (!full) log().warn("a thumbnail failed: " + made.text());
    turn.end(full ? thumbnail_end::busy : thumbnail_end::failed);
    co_return full ? thumbnail_end::busy : thumbnail_end::failed;
  }
  if (made->end == thumbnail_end::made) {
    thumbnails_made_.add();
    thumbnail_bytes_ += made->bytes;
  } else {
    thumbnails_failed_.add();
    if (made->end == thumbnail_end::no_image) hopeless_.add(wanted.original, now_ms());
  }
  turn.end(made->end);
  co_return made->end;
}

}  // namespace msfs
