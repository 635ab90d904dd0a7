// The bytes behind IMAudio go where the messages are.
#include "import/recording_source.hpp"
#include "import/steps.hpp"

namespace parley::teamtalk {
namespace {

constexpr std::size_t recordings_per_page = 50;

struct wanted {
  std::uint64_t id = 0;
  std::string path;
  std::size_t size = 0;
};

std::vector<wanted> page_behind(job& work, std::uint64_t id, bool with_blobs) {
  const auto statement =
      std::string("SELECT a.id, a.path, a.size FROM IMAudio a ") +
      (with_blobs ? "LEFT JOIN audio_blob b ON b.audio_id = a.id WHERE b.audio_id IS NULL AND a.id > ?"
                  : "WHERE a.id > ?") +
      " ORDER BY a.id LIMIT ?";
  std::vector<wanted> page;
  work.db().each<std::uint64_t, std::string, std::size_t>(statement.c_str(), {id, recordings_per_page},
                                                          [&](std::uint64_t one, std::string path, std::size_t size) {
                                                            page.push_back({one, std::move(path), size});
                                                          });
  return page;
}

struct totals {
  std::uint64_t seen = 0, taken = 0, missing = 0, damaged = 0, too_large = 0, no_path = 0;
};

/// Of the length that IMAudio says, or it is not what was sent.
bool good(const wanted& one, const recording& got, totals& all) {
  using state = recording::state;
  if (got.what == state::missing) ++all.missing;
  if (got.what == state::too_large) ++all.too_large;
  if (got.what == state::no_path) ++all.no_path;
  if (got.what != state::found) return false;
  if (got.bytes.size() == one.size && one.size > 0) return true;
  ++all.damaged;
  return false;
}

}  // namespace

void take_recordings(job& work) {
  work.enter("recordings");
  auto& out = work.out();
  const bool with_blobs = work.has_table("audio_blob");
  totals all;
  if (work.how().msfs.empty()) {
    for (std::uint64_t last = 0;;) {
      const auto page = page_behind(work, last, with_blobs);
      if (page.empty()) break;
      all.seen += page.size();
      last = page.back().id;
    }
    out.count("recordings without their bytes", all.seen);
    if (all.seen) out.remark("without --msfs they are sent as their duration alone; a later run can fetch them");
    return out.end(all.seen ? "skipped: no --msfs" : "was done");
  }
  const recording_source source(work.how().msfs);
  for (std::uint64_t last = 0;;) {
    const auto page = page_behind(work, last, with_blobs);
    if (page.empty()) break;
    std::vector<std::pair<std::uint64_t, std::string>> found;
    for (const auto& one : page) {
      ++all.seen;
      auto got = source.fetch(one.path);
      if (good(one, got, all)) found.emplace_back(one.id, std::move(got.bytes));
      out.progress(all.seen, all.seen);
    }
    last = page.back().id;
    all.taken += found.size();
    if (work.dry() || found.empty()) continue;
    work.transaction([&] {
      std::vector<sql_value> values;
      for (const auto& [id, bytes] : found) values.insert(values.end(), {id, bytes});
      work.db().insert_rows("INSERT INTO audio_blob(audio_id, bytes) VALUES", "{keep:audio_id}", 2, values);
    });
  }
  out.count(work.dry() ? "there to be fetched" : "fetched", all.taken);
  out.count("not in msfs", all.missing);
  out.count("of another length than IMAudio says, left out", all.damaged);
  if (all.too_large) out.count("too long for a message, left out", all.too_large);
  if (all.no_path) out.count("without a path, left out", all.no_path);
  out.end(work.dry() ? "to do" : all.seen ? "done" : "was done");
}

}  // namespace parley::teamtalk
