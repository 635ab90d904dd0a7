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
constexpr std::uint64_t line_every_ms = 60'000;  // of what everybody who uploads runs into

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

std::string account_of(const store::uploader& who) {
  return who.user ? std::to_string(who.user) : "at " + who.address;
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
  const bool from_a_page =
      may_be_a_page(request.header("origin"), request.header("sec-fetch-site"), request.header("host"));
  if (token.empty() && open_ == openness::loopback && from_a_page) return std::nullopt;
  return admit(mint_, open_, token, request.peer(), unix_s() - grace_s);
}

parley::status msfs_plugin::on_upload_head(parley::http_request request) {
  const auto size = request.body_size();
  const auto who = uploader_of(request, 0);
  if (!disk_) {
    refuse(request, fault::unavailable, "there is no store");
  } else if (!who) {
    refuse(request, fault::not_allowed, no_leave);
  } else if (size == PARLEY_HTTP_UNKNOWN) {
    static constexpr std::string_view text = "an upload says how long it is: Content-Length\n";
    refused_[counter_of(fault::too_large)].add();
    request.respond(411, "text/plain; charset=utf-8", text);
  } else if (size > max_request_ + envelope) {
    refuse(request, fault::too_large);
  } else if (boundary_of(request.header("content-type")).empty()) {
    refuse(request, fault::no_boundary);
  } else if (size > envelope && size - envelope > recent_.left(account_of(*who), now_ms())) {
    refuse(request, fault::over_quota, "your quota, or today's, has not so much left");
  } else if (!recent_.take(account_of(*who), now_ms())) {
    refuse(request, fault::over_quota, "too many uploads within a minute");
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
  const auto base = public_url_.empty() ? base_of_host(request.header("host"), request.over_tls()) : public_url_;
  const std::string body_file = request.body_file() ? request.body_file() : "";
  const auto kept = co_await keep(*who, body_file, boundary);
  if (kept.why != fault::none) {
    refuse(request, kept.why, kept.sentence);
  } else if (welcome(request, base, kept) == parley::status::closed) {
    co_await take_back(kept.path);
  }
}

/// Copied and synced, then its row within the quotas, then its name: what a crash leaves in between is a file nobody
/// was told of, or a row without a file, and upkeep.cpp finds both.
parley::task<received> msfs_plugin::keep(store::uploader who, std::string body_file, std::string boundary) {
  auto copied = co_await media_.run(
      [&] { return receive(files(), body_file, boundary, max_file_, unix_us(), min_free_); }, longest_wait_ms);
  if (!copied) {
    const bool busy = copied.code() == parley::status::busy || copied.code() == parley::status::timeout;
    if (!busy) log_seldom("an upload failed: " + copied.text());
    co_return failed(fault::unavailable, busy ? "too many uploads at once" : "the store cannot be used");
  }
  auto file = std::move(*copied);
  if (!file.trouble.empty()) log_seldom("an upload failed: " + file.trouble);
  if (file.why != fault::none) co_return std::move(file);

  const store::upload row{file.path, who, file.size, unix_s()};
  if (adding_++ == 0) most_added_ = {};
  const auto added = co_await main_.write([&](parley::sql& db) { return store::add(db, files().id(), row, quotas_); });
  --adding_;
  if (!added) {
    log_seldom("an upload failed: " + added.text());
    co_return failed(fault::unavailable, "the database is away");
  }
  recent_.remember(account_of(who), added->left, now_ms());
  if (added->end != store::verdict::taken) co_return over_quota(added->end);
  show_added(added->of_store);

  const auto named = co_await media_.run([&] { disk::publish(file.file, files().base(), file.path); });
  if (!named) {
    log_seldom("an upload failed: " + named.text());
    co_await main_.write([&](parley::sql& db) { return store::take_back(db, files().id(), row.path); });
    co_return failed(fault::unavailable, "the store cannot be written to");
  }
  co_return std::move(file);
}

/// Nobody was told of it: nobody is charged for it. What fails here, the check an hour later does.
parley::task<> msfs_plugin::take_back(std::string path) {
  const auto removed = co_await media_.run([&] { files().remove(path); });
  if (!removed) co_return log_seldom("an upload that nobody waited for stays: " + removed.text());
  const auto row = co_await main_.write([&](parley::sql& db) { return store::take_back(db, files().id(), path); });
  recent_.forget_left();
  if (!row) log_seldom("an upload that nobody waited for stays in the quotas: " + row.text());
}

void msfs_plugin::log_seldom(const std::string& what) {
  if (now_ms() < next_line_ms_) return;
  next_line_ms_ = now_ms() + line_every_ms;
  log().warn(what);
}

parley::status msfs_plugin::welcome(const parley::http_request& request, std::string_view base,
                                    const received& file) const {
  const parley_http_header headers[] = {
      {parley::bytes("Content-Type"), parley::bytes("text/html;charset=utf-8")},
      {parley::bytes("X-Content-Type-Options"), parley::bytes("nosniff")},
      {parley::bytes("Connection"), parley::bytes("close")},
  };
  const auto sent = request.respond(200, headers, success(base, "g0/" + file.path));
  if (sent == parley::status::closed) return sent;
  uploads_.add();
  upload_bytes_.add(static_cast<std::int64_t>(file.size));
  return sent;
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
