// Once after a start and then every hour: rows and files are compared, remains of crashes and old thumbnails go. Files
// go only where nobody was ever told of them; TeamTalk's never.
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <iterator>

#include "msfs.hpp"

namespace msfs {
namespace {

constexpr unsigned directories = 256;
constexpr std::uint64_t eviction_every_ms = 60'000;  // at most
constexpr std::uint32_t rows_per_page = 1000;
constexpr std::uint32_t row_grace_s = 600;        // an upload is between its commit and its name
constexpr std::int64_t file_grace_s = 24 * 3600;  // or a database was put back to yesterday's

std::string name_of(unsigned aaa) {
  const auto text = std::to_string(aaa);
  return std::string(3 - text.size(), '0') + text + "/";
}

struct differences {
  std::vector<std::string> gone;     // rows without a file
  std::vector<store::upload> extra;  // files of ours without a row
};

/// Both in order of path. [worker]
differences compare_lists(const std::vector<store::upload>& rows, const std::vector<disk::entry>& files,
                          std::uint32_t now) {
  differences out;
  auto row = rows.begin();
  auto file = files.begin();
  while (row != rows.end() || file != files.end()) {
    if (file == files.end() || (row != rows.end() && row->path < file->path)) {
      if (row->created + row_grace_s < now) out.gone.push_back(row->path);
      ++row;
    } else if (row == rows.end() || file->path < row->path) {
      const bool settled = file->changed_s + file_grace_s < now;
      if (settled && is_own_path(file->path)) {
        out.extra.push_back({file->path, {}, file->size, static_cast<std::uint32_t>(file->changed_s)});
      }
      ++file;
    } else {
      ++row;
      ++file;
    }
  }
  return out;
}

/// The thumbnails of one directory, without those whose original has gone. [worker]
std::vector<disk::entry> living_thumbnails(const disk& store, unsigned aaa, std::size_t& removed) {
  auto all = disk::list(store.thumbnails(), aaa);
  std::erase_if(all, [&](const disk::entry& one) {
    const auto name = read_thumbnail_name(one.path);
    if (name && disk::open(store.base(), name->original)) return false;
    if (name && errno != ENOENT) return false;  // perhaps it is there
    removed += unlink((store.thumbnails() + "/" + one.path).c_str()) == 0;
    return true;
  });
  return all;
}

}  // namespace

parley::task<> msfs_plugin::tidy_by_itself() {
  if (tidying_ || !disk_) co_return;
  const auto done = co_await tidy();
  if (!done.trouble.empty()) {
    log().warn("the check of the store was not finished: " + done.trouble);
  } else if (done.incoming + done.rows + done.adopted > 0) {
    log().info("the store is in order again: " + std::to_string(done.incoming) + " unfinished files and " +
               std::to_string(done.rows) + " rows without a file removed, " + std::to_string(done.adopted) +
               " files without a row taken in");
  }
}

parley::task<msfs_plugin::tidied> msfs_plugin::tidy() {
  struct busy {
    bool& flag;
    explicit busy(bool& f) : flag(f) { flag = true; }
    ~busy() { flag = false; }
  } const mark(tidying_);
  tidied out;
  const auto swept = co_await media_.run([&] { return files().sweep_incoming(); });
  if (swept) out.incoming = *swept;
  if (!swept) out.trouble = swept.text();
  for (unsigned aaa = 0; aaa < directories && out.trouble.empty(); ++aaa) out.trouble = co_await compare(aaa, &out);
  if (out.trouble.empty()) out.trouble = co_await tidy_thumbnails(&out);
  if (out.trouble.empty()) out.trouble = co_await settle_usage();
  if (out.trouble.empty()) checks_.add();
  co_return out;
}

parley::task<std::string> msfs_plugin::compare(unsigned aaa, tidied* so_far) {
  const auto name = name_of(aaa);
  const auto now = unix_s();
  std::vector<store::upload> rows;
  for (bool more = true; more;) {
    const std::string after = rows.empty() ? "" : rows.back().path;
    auto page = co_await main_.read(
        [&](parley::sql& db) { return store::below(db, files().id(), name, after, rows_per_page); });
    if (!page) co_return page.text().empty() ? "the database is away" : page.text();
    more = page->size() == rows_per_page;
    std::move(page->begin(), page->end(), std::back_inserter(rows));
  }
  const auto found = co_await media_.run([&] {
    auto out = compare_lists(rows, disk::list(files().base(), aaa), now);
    out.gone = files().gone_of(out.gone);
    return out;
  });
  if (!found) co_return found.text().empty() ? "the pool media is full" : found.text();
  if (found->gone.empty() && found->extra.empty()) co_return "";
  const auto mended = co_await main_.write([&](parley::sql& db) {
    for (const auto& path : found->gone) store::remove(db, files().id(), path);
    if (!found->extra.empty()) store::adopt(db, files().id(), found->extra);
  });
  if (!mended) co_return mended.text().empty() ? "the database is away" : mended.text();
  so_far->rows += found->gone.size();
  so_far->adopted += found->extra.size();
  co_return "";
}

/// Needs no database: where that is away, there are thumbnails still.
parley::task<> msfs_plugin::evict_by_itself() {
  evicting_ = true;
  next_eviction_ms_ = now_ms() + eviction_every_ms;
  tidied done;
  const auto trouble = co_await tidy_thumbnails(&done);
  evicting_ = false;
  if (!trouble.empty()) log().warn("the oldest thumbnails cannot be removed, and none are made: " + trouble);
}

parley::task<std::string> msfs_plugin::tidy_thumbnails(tidied* so_far) {
  const found_lately::removal going(lately_);
  std::vector<disk::entry> all;
  for (unsigned aaa = 0; aaa < directories; ++aaa) {
    auto some = co_await media_.run([&] { return living_thumbnails(files(), aaa, so_far->thumbnails); });
    if (!some) co_return some.text().empty() ? "the pool media is full" : some.text();
    std::move(some->begin(), some->end(), std::back_inserter(all));
  }
  const auto removed = co_await media_.run([&] {
    std::uint64_t bytes = 0;
    for (const auto& one : all) bytes += one.size;
    std::sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.used_s < b.used_s; });
    // A tenth below the limit, lest the next one begins it anew.
    const auto most = bytes > thumbnail_space_ ? thumbnail_space_ - thumbnail_space_ / 10 : bytes;
    for (auto one = all.begin(); bytes > most && one != all.end(); ++one) {
      if (unlink((files().thumbnails() + "/" + one->path).c_str()) != 0) continue;
      bytes -= one->size;
      ++so_far->thumbnails;
    }
    return bytes;
  });
  if (!removed) co_return removed.text().empty() ? "the pool media is full" : removed.text();
  thumbnail_bytes_ = *removed;
  co_return "";
}

parley::task<std::string> msfs_plugin::settle_usage() {
  const auto now = unix_s();
  const auto used = co_await main_.write([&](parley::sql& db) {
    store::forget_addresses(db, now);
    return store::usage_of_store(db, files().id());
  });
  if (!used) co_return used.text().empty() ? "the database is away" : used.text();
  show_usage(*used);
  co_return "";
}

/// Commits that overlap are told in any order: the one that saw most is the last.
void msfs_plugin::show_added(const store::usage& of_store) {
  if (of_store.bytes >= most_added_.bytes) most_added_ = of_store;
  show_usage(most_added_);
}

void msfs_plugin::show_usage(const store::usage& of_store) const {
  store_bytes_.set(static_cast<std::int64_t>(of_store.bytes));
  store_files_.set(static_cast<std::int64_t>(of_store.files));
}

}  // namespace msfs
