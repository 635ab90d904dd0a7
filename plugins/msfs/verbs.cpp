// The operator's verbs: media list, show, remove, usage, check.

#include <parley/json.hpp>
#include <parley/number.hpp>

#include "msfs.hpp"

namespace msfs {
namespace {

constexpr int most_waits = 200;
constexpr std::uint64_t wait_ms = 50;

/// Of a URL, of "g0/...", or of a path below the store.
std::string path_of(std::string text) {
  if (const auto at = text.rfind("g0/"); at != text.npos && (at == 0 || text[at - 1] == '/')) text.erase(0, at + 3);
  return text;
}

std::string described(const store::upload& one) {
  return parley::json_object()
      .add("path", "g0/" + one.path)
      .add("user", one.who.user)
      .add("address", one.who.address)
      .add("size", one.size)
      .add("created", one.created)
      .str();
}

void complain_of_path(const parley::verb_call& call, const char* verb) {
  call.fail(parley::status::malformed,
            std::string(verb) + ": " + call[0] + " is no path of a store: g0/000/255/NAME, as an upload was told");
}

}  // namespace

parley::task<> msfs_plugin::on_list(parley::verb_call call) {
  const auto user = call.has(0) ? parley::whole_number(call[0]) : 0;
  const auto most = call.has(1) ? parley::whole_number(call[1]) : 100;
  if (!user || !most || *most == 0 || *most > 10'000) {
    co_return static_cast<void>(
        call.fail(parley::status::malformed, "media list: --user is a user's id, --limit a number from 1 to 10000"));
  }
  const auto rows = co_await main_.read([&](parley::sql& db) { return store::newest(db, files().id(), *user, *most); });
  if (!rows) co_return call.fail("media list", rows.failure());
  call.answer(parley::json_array(*rows, described));
}

parley::task<> msfs_plugin::on_show(parley::verb_call call) {
  const auto path = path_of(call[0]);
  if (!is_stored_path(path)) co_return complain_of_path(call, "media show");
  const auto row = co_await main_.read([&](parley::sql& db) { return store::find(db, files().id(), path); });
  if (!row) co_return call.fail("media show", row.failure());
  const auto seen = co_await lookups_.run([&] { return look_up(files(), path); });
  if (!seen) co_return call.fail("media show", seen.failure());
  const bool there = seen->is == found::what::file;
  if (!*row && !there) {
    co_return static_cast<void>(
        call.fail(parley::status::no_target, "media show: there is no " + path + "; `media list` shows what is there"));
  }
  parley::json_object out;
  out.add("path", "g0/" + path).add("type", there ? (seen->type.empty() ? "other" : seen->type) : "gone");
  if (*row) {
    const auto& one = **row;
    out.add("user", one.who.user).add("address", one.who.address).add("size", one.size).add("created", one.created);
  } else {
    out.add("owner", is_own_path(path) ? "without a row" : "TeamTalk");
  }
  call.answer(out.str());
}

parley::task<> msfs_plugin::on_remove(parley::verb_call call) {
  const auto path = path_of(call[0]);
  if (!is_stored_path(path)) co_return complain_of_path(call, "media remove");
  if (!is_own_path(path)) {
    co_return static_cast<void>(call.fail(parley::status::refused, "media remove: " + path +
                                                                       " is a file of TeamTalk's, which are served and "
                                                                       "never removed; remove it by hand"));
  }
  // The file first: a row without one is found again, a file without a row would stay.
  const found_lately::removal going(lately_);
  const auto removed = co_await media_.run([&] {
    const bool was_there = files().remove(path);
    files().remove_thumbnails(path);
    return was_there;
  });
  if (!removed) co_return call.fail("media remove", removed.failure());
  const auto row = co_await main_.write([&](parley::sql& db) { return store::remove(db, files().id(), path); });
  if (!row) co_return call.fail("media remove", row.failure());
  recent_.forget_left();
  if (!*removed && !*row) {
    co_return static_cast<void>(call.fail(parley::status::no_target, "media remove: there is no " + path));
  }
  call.answer(parley::json_object().add("removed", "g0/" + path).str());
}

parley::task<> msfs_plugin::on_usage(parley::verb_call call) {
  const auto user = call.has(0) ? parley::whole_number(call[0]) : 0;
  if (!user) {
    co_return static_cast<void>(call.fail(parley::status::malformed, "media usage: --user is a user's id"));
  }
  const auto now = unix_s();
  const auto used = co_await main_.read([&](parley::sql& db) {
    return *user ? store::usage_of_user(db, *user, now) : store::usage_of_store(db, files().id());
  });
  if (!used) co_return call.fail("media usage", used.failure());
  parley::json_object out;
  out.add("files", used->files).add("bytes", used->bytes);
  if (*user) {
    out.add("today", used->today).add("quota", quotas_.user).add("daily_quota", quotas_.user_day);
  } else {
    out.add("quota", quotas_.store).add("thumbnail_bytes", thumbnail_bytes_).add("directory", files().base());
  }
  call.answer(out.str());
}

parley::task<> msfs_plugin::on_check(parley::verb_call call) {
  for (int waited = 0; tidying_ && waited < most_waits; ++waited) co_await parley::sleep(host_edge(), wait_ms);
  if (tidying_) {
    co_return static_cast<void>(
        call.fail(parley::status::busy, "media check: a check is under way already; try again when it has ended"));
  }
  const auto done = co_await tidy();
  if (!done.trouble.empty()) co_return call.fail("media check", {parley::status::unavailable, done.trouble});
  call.answer(parley::json_object()
                  .add("unfinished_removed", done.incoming)
                  .add("rows_removed", done.rows)
                  .add("files_taken_in", done.adopted)
                  .add("thumbnails_removed", done.thumbnails)
                  .str());
}

}  // namespace msfs
