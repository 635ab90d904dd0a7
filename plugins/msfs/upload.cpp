// POST / and /upload/: who may is asked at the head, before a byte is taken; the answer goes out when the file is on
// disk under its name and its row is committed.
#include <chrono>

#include "msfs.hpp"
#include "multipart.hpp"
#include "reply.hpp"

namespace msfs {
namespace {

constexpr std::uint64_t envelope = 64 << 10;  // what a request may be larger than max_request: boundaries, headers
constexpr std::uint64_t longest_upload_s = 3600;

constexpr std::string_view no_leave =
    "uploads need a token (command 0x0C01), in the header X-Parley-Upload-Token or behind ?token=";

std::uint64_t unix_us() {
  using namespace std::chrono;
  return static_cast<std::uint64_t>(duration_cast<microseconds>(system_clock::now().time_since_epoch()).count());
}

received failed(fault why, std::string sentence) {
  received out;
  out.why = why;
  out.sentence = std::move(sentence);
  return out;
}

received over_quota(store::verdict which) {
  switch (which) {
    case store::verdict::user_full:
      return failed(fault::over_quota, "your quota is used up");
    case store::verdict::day_full:
      return failed(fault::over_quota, "today's quota is used up");
    default:
      return failed(fault::store_full, "the store is full");
  }
}

std::size_t counter_of(fault why) {
  switch (why) {
    case fault::too_large:
      return 0;
    case fault::over_quota:
      return 2;
    case fault::store_full:
      return 3;
    case fault::not_allowed:
      return 4;
    case fault::unavailable:
      return 5;
    default:
      return 1;  // malformed
  }
}

}  // namespace

/// A token that was good at the head is good until the body has come.
std::optional<store::uploader> msfs_plugin::uploader_of(const parley::http_request& request,
                                                        std::uint64_t grace_s) const {
  const auto token = token_of(request.header("x-parley-upload-token"), request.query());
  return admit(mint_, open_, token, request.peer(), unix_s() - grace_s);
}

parley::status msfs_plugin::on_upload_head(parley::http_request request) {
  const auto size = request.body_size();
  if (!disk_) {
    refuse(request, fault::unavailable, "there is no store");
  } else if (!uploader_of(request, 0)) {
    refuse(request, fault::not_allowed, no_leave);
  } else if (size == PARLEY_HTTP_UNKNOWN) {
    static constexpr std::string_view text = "an upload says how long it is: Content-Length\n";
    refused_[counter_of(fault::too_large)].add();
    request.respond(411, "text/plain; charset=utf-8", text);
  } else if (size > max_request_ + envelope) {
    refuse(request, fault::too_large);
  } else if (boundary_of(request.header("content-type")).empty()) {
    refuse(request, fault::no_boundary);
  } else {
    return parley::status::ok;
  }
  return parley::status::refused;
}

parley::task<> msfs_plugin::on_upload(parley::http_request request) {
  // The generation that saw the head may have been another one, with other settings.
  const auto who = uploader_of(request, longest_upload_s);
  const auto boundary = boundary_of(request.header("content-type"));
  if (!disk_) co_return refuse(request, fault::unavailable, "there is no store");
  if (!who) co_return refuse(request, fault::not_allowed, no_leave);
  if (request.body_size() > max_request_ + envelope) co_return refuse(request, fault::too_large);
  if (boundary.empty()) co_return refuse(request, fault::no_boundary);
  const auto base = public_url_.empty() ? base_of_host(request.header("host")) : public_url_;
  const std::string body_file = request.body_file() ? request.body_file() : "";
  const auto kept = co_await keep(*who, body_file, boundary);
  if (kept.why == fault::none) {
    welcome(request, base, kept);
  } else {
    refuse(request, kept.why, kept.sentence);
  }
}

/// Copied and synced, then its row within the quotas, then its name: what a crash leaves in between is a file nobody
/// was told of, or a row without a file, and upkeep.cpp finds both.
parley::task<received> msfs_plugin::keep(store::uploader who, std::string body_file, std::string boundary) {
  auto copied = co_await media_.run([&] { return receive(files(), body_file, boundary, max_file_, unix_us()); });
  if (!copied) co_return failed(fault::unavailable, "too many uploads at once");
  auto file = std::move(*copied);
  if (file.why != fault::none) co_return std::move(file);

  const store::upload row{file.path, who, file.size, unix_s()};
  const auto added = co_await main_.write([&](parley::sql& db) { return store::add(db, files().id(), row, quotas_); });
  if (!added) {
    log().warn("an upload failed: " + added.text());
    co_return failed(fault::unavailable, "the database is away");
  }
  if (added->end != store::verdict::taken) co_return over_quota(added->end);

  const auto named = co_await media_.run([&] { disk::publish(file.file, files().base(), file.path); });
  if (!named) {
    log().warn("an upload failed: " + named.text());
    co_await main_.write([&](parley::sql& db) { return store::remove(db, files().id(), row.path); });
    co_return failed(fault::unavailable, "the store cannot be written to");
  }
  show_usage(added->of_store);
  co_return std::move(file);
}

void msfs_plugin::welcome(const parley::http_request& request, std::string_view base, const received& file) const {
  const parley_http_header headers[] = {
      {parley::bytes("Content-Type"), parley::bytes("text/html;charset=utf-8")},
      {parley::bytes("X-Content-Type-Options"), parley::bytes("nosniff")},
      {parley::bytes("Connection"), parley::bytes("close")},
  };
  request.respond(200, headers, success(base, "g0/" + file.path));
  uploads_.add();
  upload_bytes_.add(static_cast<std::int64_t>(file.size));
}

void msfs_plugin::refuse(const parley::http_request& request, fault why, std::string_view sentence) {
  const parley_http_header headers[] = {
      {parley::bytes("Content-Type"), parley::bytes("text/html;charset=utf-8")},
      {parley::bytes("X-Content-Type-Options"), parley::bytes("nosniff")},
      {parley::bytes("Connection"), parley::bytes("close")},
      {parley::bytes("Retry-After"), parley::bytes("5")},
  };
  const std::size_t count = why == fault::unavailable ? 4 : 3;
  request.respond(status_of(why), {headers, count}, refusal(why, sentence));
  refused_[counter_of(why)].add();
}

}  // namespace msfs
