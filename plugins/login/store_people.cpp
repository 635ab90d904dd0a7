#include "store_people.hpp"

#include <parley/in_list.hpp>
#include <parley/number.hpp>

#include <algorithm>

#include "store_departments.hpp"

namespace login::store {
namespace {

using number = std::uint32_t;
using parley::sql;
using parley::sql_value;
using text = std::string_view;

constexpr number most_looked_at = 2'000'000;

// Without a search no row of text is touched. LOWER: MariaDB compares bytes here, SQLite does not.
constexpr char matches[] =
    "(? = 0 OR u.departId = ?) AND (? = 0 OR u.status = 0) AND (? = 0 OR u.status <> 0) AND (? = 0 OR "
    "LOWER(u.name) LIKE LOWER(?) ESCAPE '!' OR LOWER(u.nick) LIKE LOWER(?) ESCAPE '!' OR "
    "LOWER(u.email) LIKE LOWER(?) ESCAPE '!' OR u.phone LIKE ? ESCAPE '!')";

std::string like(text search) {
  std::string pattern = "%";
  for (const char c : search) {
    if (c == '%' || c == '_' || c == '!') pattern += '!';
    pattern += c;
  }
  return pattern + '%';
}

/// The parameters of `matches`.
struct conditions {
  explicit conditions(const person_filter& filter)
      : pattern(like(filter.search)),
        by_department(filter.department.has_value()),
        department(filter.department.value_or(0)),
        active(filter.is == person_filter::state::active),
        disabled(filter.is == person_filter::state::disabled),
        by_text(!filter.search.empty()) {}
  std::string pattern;
  number by_department, department, active, disabled, by_text;
};

/// Of ids that ascend, in that order.
std::vector<person> people(sql& db, std::span<const number> ids) {
  static const parley::in_list by_id(  // primary keys
      "SELECT u.id, u.status, u.sex, u.departId, u.created, u.updated, u.name, u.nick, d.departName, u.email, u.phone, "
      "u.sign_info, u.avatar, u.password, c.algorithm FROM IMUser u LEFT JOIN IMDepart d ON d.id = u.departId LEFT "
      "JOIN credential c ON c.user_id = u.id WHERE u.id IN ");
  std::vector<person> found;
  by_id.each({}, ids, [&](const char* statement, const sql_value* values, std::size_t count) {
    db.each<number, number, number, number, number, number, text, text, text, text, text, text, text, text, text>(
        statement, values, count,
        [&](number id, number status, number sex, number department, number created, number updated, text name,
            text nick, text department_name, text email, text phone, text signature, text avatar, text md5,
            text algorithm) {
          found.push_back({id, status, sex, department, created, updated, std::string(name), std::string(nick),
                           std::string(department_name), std::string(email), std::string(phone), std::string(signature),
                           std::string(avatar),
                           !md5.empty() ? "md5" : std::string(algorithm.empty() ? "none" : algorithm)});
        });
  });
  std::sort(found.begin(), found.end(), [](const person& x, const person& y) { return x.id < y.id; });
  return found;
}

std::vector<number> ids_of(sql& db, const std::string& statement, std::initializer_list<sql_value> parameters) {
  std::vector<number> ids;
  db.each<number>(statement.c_str(), parameters, [&](number id) { ids.push_back(id); });
  return ids;
}

std::vector<number> matching(sql& db, const conditions& c) {
  static const std::string statement =  // primary key, all of it
      std::string("SELECT u.id FROM IMUser u WHERE ") + matches + " ORDER BY u.id LIMIT ?";
  return ids_of(db, statement,
                {c.by_department, c.department, c.active, c.disabled, c.by_text, c.pattern, c.pattern, c.pattern,
                 c.pattern, most_looked_at});
}

std::vector<number> matching_among(sql& db, const conditions& c, std::span<const number> ids) {
  static const parley::long_in_list among(  // primary key
      std::string("SELECT u.id FROM IMUser u WHERE ") + matches + " AND u.id IN ");
  std::vector<number> found;
  among.each(
      {c.by_department, c.department, c.active, c.disabled, c.by_text, c.pattern, c.pattern, c.pattern, c.pattern}, ids,
      [&](const char* statement, const sql_value* values, std::size_t count) {
        db.each<number>(statement, values, count, [&](number id) { found.push_back(id); });
      });
  std::sort(found.begin(), found.end());
  return found;
}

number number_of_users(sql& db) {
  return std::get<0>(db.one<number>("SELECT COUNT(*) FROM IMUser", {}).value_or(std::tuple(0u)));  // smallest index
}

}  // namespace

person_page find_people(sql& db, const person_filter& filter, const place_in_list& where) {
  static const std::string count = std::string("SELECT COUNT(*) FROM IMUser u WHERE ") + matches;  // all of the table
  static const std::string page = std::string("SELECT u.id FROM IMUser u WHERE ") + matches +      // primary key
                                  " ORDER BY u.id LIMIT ? OFFSET ?";
  const conditions c(filter);
  person_page found;
  if (filter.empty()) {
    found.total = number_of_users(db);
  } else if (const auto row = db.one<number>(count.c_str(), {c.by_department, c.department, c.active, c.disabled,
                                                             c.by_text, c.pattern, c.pattern, c.pattern, c.pattern})) {
    found.total = std::get<0>(*row);
  }
  if (where.first < found.total) {
    found.items = people(db, ids_of(db, page,
                                    {c.by_department, c.department, c.active, c.disabled, c.by_text, c.pattern,
                                     c.pattern, c.pattern, c.pattern, where.most, where.first}));
  }
  return found;
}

person_page find_people_online(sql& db, const person_filter& filter, const place_in_list& where,
                               std::span<const number> online, bool there) {
  const conditions c(filter);
  std::vector<number> ids;
  if (there) {
    ids = matching_among(db, c, online);
  } else {
    const auto all = matching(db, c);
    std::set_difference(all.begin(), all.end(), online.begin(), online.end(), std::back_inserter(ids));
  }
  person_page found{ids.size(), {}};
  if (where.first < ids.size()) {
    const auto rest = std::span<const number>(ids).subspan(static_cast<std::size_t>(where.first));
    found.items = people(db, rest.first(std::min<std::size_t>(rest.size(), where.most)));
  }
  return found;
}

std::optional<person> find_person(sql& db, number id) {
  auto found = people(db, std::span(&id, 1));
  return found.empty() ? std::nullopt : std::optional(std::move(found.front()));
}

number person_id(sql& db, text name_or_id) {
  if (const auto id = parley::whole_number(name_or_id)) {
    if (db.one<number>("SELECT id FROM IMUser WHERE id = ?", {*id})) return *id;  // primary key
  }
  number active = 0, newest = 0;
  db.each<number, number, text>(  // index (name)
      "SELECT id, status, name FROM IMUser WHERE name = ? ORDER BY id", {name_or_id},
      [&](number id, number status, text stored) {
        if (stored != name_or_id) return;
        if (status == 0 && active == 0) active = id;
        newest = id;
      });
  return active ? active : newest;
}

changed_profile change_profile(sql& db, number id, const profile_change& to, number now) {
  changed_profile done;
  db.transaction([&] {
    done = {};
    if (to.department) lock_departments(db);
    const auto row =  // primary key
        db.one<std::string, std::string, std::string, std::string, std::string, number, number>(
            "SELECT nick, email, phone, sign_info, avatar, sex, departId FROM IMUser WHERE id = ? {for_update}", {id});
    if (!row) return;
    done.found = true;
    auto [nick, email, phone, signature, avatar, sex, department] = *row;
    if (to.department && *to.department != department) require_department(db, *to.department);
    const auto take = [](auto& into, const auto& from, bool& changed) {
      if (!from || *from == into) return;
      into = *from;
      changed = true;
    };
    take(nick, to.nick, done.rest);
    take(email, to.email, done.rest);
    take(phone, to.phone, done.rest);
    take(sex, to.sex, done.rest);
    take(department, to.department, done.rest);
    take(signature, to.signature, done.signature);
    take(avatar, to.avatar, done.avatar);
    if (!done.rest && !done.signature && !done.avatar) return;
    db.execute(  // primary key
        "UPDATE IMUser SET nick = ?, email = ?, phone = ?, sign_info = ?, avatar = ?, sex = ?, departId = ?, updated = "
        "{greatest}(updated, ?) WHERE id = ?",
        {nick, email, phone, signature, avatar, sex, department, now, id});
  });
  return done;
}

}  // namespace login::store
