#include "store_announcements.hpp"

#include <parley/in_list.hpp>

#include <algorithm>

#include "content.hpp"

namespace message::store {
namespace {

using number = std::uint32_t;
using parley::sql;
using parley::sql_error;
using parley::sql_value;
using parley::status;
using text = std::string_view;

constexpr char announcement_columns[] =
    "SELECT id, author, audience, department, users, content, created, total, sent, skipped, after_user, finished FROM "
    "announcement ";
constexpr char own_account[] = "announcements";
constexpr int most_names_tried = 100;

/// Four bytes each.
std::string packed(const std::vector<number>& users) {
  std::string out;
  for (const auto user : users) {
    for (int shift = 24; shift >= 0; shift -= 8) out.push_back(static_cast<char>(user >> shift));
  }
  return out;
}

std::vector<number> unpacked(text bytes) {
  std::vector<number> users;
  for (; bytes.size() >= 4; bytes.remove_prefix(4)) users.push_back(duration_of(bytes));
  return users;
}

template <class... Values>
std::vector<announcement> read_announcements(sql& db, const std::string& statement, Values... values) {
  std::vector<announcement> found;
  db.each<number, number, number, number, text, text, number, number, number, number, number, number>(
      statement.c_str(), {sql_value(values)...},
      [&](number id, number author, number to, number department, text users, text content, number created,
          number total, number sent, number skipped, number after_user, number finished) {
        found.push_back({id, author, static_cast<audience>(to), department, unpacked(users), std::string(content),
                         created, total, sent, skipped, after_user, finished});
      });
  return found;
}

number active_user(sql& db, const std::string& name) {
  number found = 0;
  db.each<number, text>("SELECT id, name FROM IMUser WHERE name = ? AND status = 0 ORDER BY id",  // index (name)
                        {name}, [&](number id, text stored) {
                          if (found == 0 && stored == name) found = id;
                        });
  return found;
}

/// Of users that ascend, who is active.
std::vector<number> active_among(sql& db, std::vector<number> users) {
  static const parley::long_in_list active("SELECT id FROM IMUser WHERE status = 0 AND id IN ");  // primary key
  std::vector<number> found;
  active.each({}, users, [&](const char* statement, const sql_value* values, std::size_t count) {
    db.each<number>(statement, values, count, [&](number id) { found.push_back(id); });
  });
  std::sort(found.begin(), found.end());
  return found;
}

number count_hearers(sql& db, const announcement& one) {
  if (one.to == audience::listed) {
    auto hearers = active_among(db, one.users);
    return static_cast<number>(hearers.size() - std::count(hearers.begin(), hearers.end(), one.author));
  }
  const bool all = one.to == audience::everybody;
  const auto row =
      all ? db.one<number>("SELECT COUNT(*) FROM IMUser WHERE status = 0 AND id <> ?", {one.author})  // all
          : db.one<number>(  // index (departId, status)
                "SELECT COUNT(*) FROM IMUser WHERE departId = ? AND status = 0 AND id <> ?",
                {one.department, one.author});
  return row ? std::get<0>(*row) : 0;
}

}  // namespace

announcer find_announcer(sql& db, const std::string& name, number now) {
  if (!name.empty()) {
    const auto id = active_user(db, name);
    if (id == 0) throw sql_error(status::no_target, "no active user is called " + name + ", as `announcer` says");
    return {id, false};
  }
  announcer found;
  db.transaction([&] {
    found = {};
    db.one<number>("SELECT id FROM user_name_lock WHERE id = 1 {for_update}", {});
    const auto row = db.one<number, number>(  // primary keys
        "SELECT a.user_id, u.status FROM announcer a LEFT JOIN IMUser u ON u.id = a.user_id WHERE a.id = 1", {});
    if (row) {
      if (std::get<1>(*row) != 0) {
        throw sql_error(status::conflict, "user " + std::to_string(std::get<0>(*row)) +
                                              ", who makes announcements, is disabled; `users enable` it first");
      }
      found.id = std::get<0>(*row);
      return;
    }
    std::string free = own_account;
    for (int i = 2; active_user(db, free) != 0; ++i) {
      if (i > most_names_tried) throw sql_error(status::conflict, "no name is free for who makes announcements");
      free = std::string(own_account) + '-' + std::to_string(i);
    }
    // No credential: nobody can log in.
    found.id = static_cast<number>(
        db.execute("INSERT INTO IMUser(name, nick, departId, status, created, updated) VALUES (?, ?, 0, 0, ?, ?)",
                   {free, "Announcements", now, now})
            .inserted_id);
    found.made = true;
    db.execute("INSERT INTO announcer(id, user_id) VALUES (1, ?)", {found.id});
  });
  return found;
}

void add_announcement(sql& db, announcement& one) {
  one.total = count_hearers(db, one);
  if (one.total == 0) throw sql_error(status::no_target, "nobody would hear it");
  one.id = static_cast<number>(
      db.execute("INSERT INTO announcement(author, audience, department, users, content, created, total) VALUES "
                 "(?, ?, ?, ?, ?, ?, ?)",
                 {one.author, static_cast<number>(one.to), one.department, packed(one.users), one.text, one.created,
                  one.total})
          .inserted_id);
}

std::optional<announcement> claim_announcement(sql& db, number claimant, number now, number until, bool& waiting) {
  static const std::string oldest = std::string(announcement_columns) + "WHERE finished = 0 ORDER BY id LIMIT 1";
  auto found = read_announcements(db, oldest);  // index (finished)
  waiting = !found.empty();
  if (!waiting) return std::nullopt;
  const auto claimed = db.execute(  // primary key
      "UPDATE announcement SET claimed_by = ?, claimed_until = ? WHERE id = ? AND finished = 0 AND after_user = ? AND "
      "(claimed_by = ? OR claimed_until < ?)",
      {claimant, until, found.front().id, found.front().after_user, claimant, now});
  if (claimed.affected == 0) return std::nullopt;
  return std::move(found.front());
}

std::vector<number> next_hearers(sql& db, const announcement& one, number most) {
  std::vector<number> found;
  if (one.to == audience::listed) {
    // Those who are not active have their turn as well: they are skipped.
    const auto from = std::upper_bound(one.users.begin(), one.users.end(), one.after_user);
    found.assign(from, from + std::min<std::ptrdiff_t>(most, one.users.end() - from));
    return found;
  }
  const auto add = [&](number id) { found.push_back(id); };
  if (one.to == audience::everybody) {
    db.each<number>("SELECT id FROM IMUser WHERE id > ? AND status = 0 ORDER BY id LIMIT ?",  // primary key
                    {one.after_user, most}, add);
  } else {
    db.each<number>(  // index (departId, status), whose end is the primary key
        "SELECT id FROM IMUser WHERE departId = ? AND status = 0 AND id > ? ORDER BY id LIMIT ?",
        {one.department, one.after_user, most}, add);
  }
  return found;
}

bool save_progress(sql& db, const announcement& one, const announcement& next) {
  return db.execute(  // primary key
               "UPDATE announcement SET sent = ?, skipped = ?, after_user = ?, finished = ? WHERE id = ? AND "
               "after_user = "
               "? AND finished = 0",
               {next.sent, next.skipped, next.after_user, next.finished, one.id, one.after_user})
             .affected > 0;
}

announcement_page announcements(sql& db, std::uint64_t first, number most) {
  static const std::string page = std::string(announcement_columns) + "ORDER BY id DESC LIMIT ? OFFSET ?";
  announcement_page found;
  const auto total = db.one<number>("SELECT COUNT(*) FROM announcement", {});  // all
  found.total = total ? std::get<0>(*total) : 0;
  if (first < found.total) found.items = read_announcements(db, page, most, first);  // primary key
  return found;
}

}  // namespace message::store
