#include "store.hpp"

#include <algorithm>

namespace msfs::store {
namespace {

using parley::sql;

using kind = std::uint32_t;
constexpr kind of_store = 1, of_user = 2, of_address = 3;
constexpr std::uint32_t day_of(std::uint32_t now) {
  return now / 86'400;
}

struct sums {
  std::uint64_t bytes = 0;
  std::uint64_t files = 0;
  std::uint32_t day = 0;
  std::uint64_t day_bytes = 0;
};

/// Locked until the transaction ends; made where it is missing.
sums lock(sql& db, kind what, const std::string& who) {
  for (;;) {
    const auto found = db.one<std::uint64_t, std::uint64_t, std::uint32_t, std::uint64_t>(  // primary key
        "SELECT bytes, files, day, day_bytes FROM media_usage WHERE kind = ? AND who = ? {for_update}", {what, who});
    if (found) return std::make_from_tuple<sums>(*found);
    db.execute("INSERT INTO media_usage(kind, who) VALUES (?, ?) {keep:kind,who}", {what, who});
  }
}

void save(sql& db, kind what, const std::string& who, const sums& now) {
  db.execute(  // primary key
      "UPDATE media_usage SET bytes = ?, files = ?, day = ?, day_bytes = ? WHERE kind = ? AND who = ?",
      {now.bytes, now.files, now.day, now.day_bytes, what, who});
}

void count(sums& into, const upload& one) {
  const auto day = day_of(one.created);
  if (into.day != day) into.day_bytes = 0;
  into.day = day;
  into.day_bytes += one.size;
  into.bytes += one.size;
  ++into.files;
}

/// The day's sum stays: who removes and uploads again has uploaded twice.
void discount(sums& from, std::uint64_t size) {
  from.bytes -= std::min(from.bytes, size);
  from.files -= from.files > 0;
}

bool exceeds(std::uint64_t sum, std::uint64_t most) {
  return most > 0 && sum > most;
}

kind kind_of(const uploader& who) {
  return who.user ? of_user : of_address;
}
std::string name_of(const uploader& who) {
  return who.user ? std::to_string(who.user) : who.address;
}

void insert(sql& db, const std::string& store, const upload& one) {
  db.execute("INSERT INTO media_upload(store, path, user_id, address, size, created) VALUES (?, ?, ?, ?, ?, ?)",
             {store, one.path, one.who.user, one.who.address, one.size, one.created});
}

usage usage_of(sql& db, kind what, const std::string& who, std::uint32_t now) {
  const auto found = db.one<std::uint64_t, std::uint64_t, std::uint32_t, std::uint64_t>(  // primary key
      "SELECT bytes, files, day, day_bytes FROM media_usage WHERE kind = ? AND who = ?", {what, who});
  if (!found) return {};
  const auto& [bytes, files, day, day_bytes] = *found;
  return {bytes, files, day == day_of(now) ? day_bytes : 0};
}

}  // namespace

addition add(sql& db, const std::string& store, const upload& one, const quotas& most) {
  addition out;
  db.transaction([&] {
    const auto what = kind_of(one.who);
    const auto name = name_of(one.who);
    auto all = lock(db, of_store, store);
    auto own = lock(db, what, name);
    count(all, one);
    count(own, one);
    out.of_store = {all.bytes, all.files, all.day_bytes};
    out.end = exceeds(all.bytes, most.store)                                               ? verdict::store_full
              : what == of_user && exceeds(own.bytes, most.user)                           ? verdict::user_full
              : exceeds(own.day_bytes, what == of_user ? most.user_day : most.address_day) ? verdict::day_full
                                                                                           : verdict::taken;
    if (out.end != verdict::taken) return;
    insert(db, store, one);
    save(db, of_store, store, all);
    save(db, what, name, own);
  });
  return out;
}

bool remove(sql& db, const std::string& store, const std::string& path) {
  bool removed = false;
  db.transaction([&] {
    auto all = lock(db, of_store, store);  // whoever removes the same comes behind
    const auto there = find(db, store, path);
    removed = there.has_value();
    if (!removed) return;
    auto own = lock(db, kind_of(there->who), name_of(there->who));
    discount(all, there->size);
    discount(own, there->size);
    db.execute("DELETE FROM media_upload WHERE store = ? AND path = ?", {store, path});  // primary key
    save(db, of_store, store, all);
    save(db, kind_of(there->who), name_of(there->who), own);
  });
  return removed;
}

void adopt(sql& db, const std::string& store, const std::vector<upload>& found) {
  db.transaction([&] {
    auto all = lock(db, of_store, store);
    for (const auto& one : found) {
      if (find(db, store, one.path)) continue;
      insert(db, store, one);
      all.bytes += one.size;
      ++all.files;
    }
    save(db, of_store, store, all);
  });
}

std::optional<upload> find(sql& db, const std::string& store, const std::string& path) {
  const auto found = db.one<std::uint32_t, std::string, std::uint64_t, std::uint32_t>(  // primary key
      "SELECT user_id, address, size, created FROM media_upload WHERE store = ? AND path = ?", {store, path});
  if (!found) return std::nullopt;
  const auto& [user, address, size, created] = *found;
  return upload{path, {user, address}, size, created};
}

std::vector<upload> newest(sql& db, const std::string& store, std::uint32_t user, std::uint32_t most) {
  std::vector<upload> out;
  const auto take = [&](std::string path, std::uint32_t who, std::string address, std::uint64_t size,
                        std::uint32_t created) {
    out.push_back({std::move(path), {who, std::move(address)}, size, created});
  };
  if (user) {
    db.each<std::string, std::uint32_t, std::string, std::uint64_t, std::uint32_t>(  // media_upload_user
        "SELECT path, user_id, address, size, created FROM media_upload WHERE user_id = ? AND store = ? "
        "ORDER BY created DESC LIMIT ?",
        {user, store, most}, take);
  } else {
    db.each<std::string, std::uint32_t, std::string, std::uint64_t, std::uint32_t>(  // media_upload_created
        "SELECT path, user_id, address, size, created FROM media_upload WHERE store = ? ORDER BY created DESC LIMIT ?",
        {store, most}, take);
  }
  return out;
}

std::vector<upload> below(sql& db, const std::string& store, const std::string& directory, const std::string& after,
                          std::uint32_t most) {
  std::vector<upload> out;
  auto end = directory;
  ++end.back();                                        // '/' and what follows it
  db.each<std::string, std::uint64_t, std::uint32_t>(  // primary key
      "SELECT path, size, created FROM media_upload WHERE store = ? AND path > ? AND path < ? ORDER BY path LIMIT ?",
      {store, std::max(after, directory), end, most}, [&](std::string path, std::uint64_t size, std::uint32_t created) {
        out.push_back({std::move(path), {}, size, created});
      });
  return out;
}

usage usage_of_store(sql& db, const std::string& store) {
  return usage_of(db, of_store, store, 0);
}

usage usage_of_user(sql& db, std::uint32_t user, std::uint32_t now) {
  return usage_of(db, of_user, std::to_string(user), now);
}

std::uint64_t left_to(const usage& used, const quotas& most) {
  std::uint64_t left = UINT64_MAX;
  if (most.user) left = most.user - std::min(most.user, used.bytes);
  if (most.user_day) left = std::min(left, most.user_day - std::min(most.user_day, used.today));
  return left;
}

void forget_addresses(sql& db, std::uint32_t now) {
  db.execute("DELETE FROM media_usage WHERE kind = ? AND day < ?", {of_address, day_of(now)});  // media_usage_day
}

}  // namespace msfs::store
