#include "store.hpp"

#include <parley/in_list.hpp>

#include <algorithm>
#include <span>
#include <string>
#include <string_view>

#include "store_friends.hpp"

namespace buddy::store {
namespace {

// What eight pages hold at 155 bytes a row; more than that is the next request's.
constexpr int most_rows = 20000;
constexpr std::size_t ids_per_query = 50;

std::string select_users(std::string_view rest) {
  return "SELECT id, sex, nick, avatar, departId, email, name, phone, domain, status, sign_info, updated FROM IMUser " +
         std::string(rest);
}

// One width of the list, so that one statement stays prepared.
std::string users_by_id() {
  return select_users("WHERE id IN (" + parley::marks(ids_per_query) + ")");  // primary key
}

/// Calls row(user, updated) for each.
template <class Row>
void read_users(parley::sql& db, const std::string& statement, std::span<const parley::sql_value> parameters,
                Row&& row) {
  using text = std::string_view;
  using number = std::uint32_t;
  db.each<number, number, text, text, number, text, text, text, text, number, text, number>(
      statement.c_str(), parameters.data(), parameters.size(),
      [&](number id, number sex, text nick, text avatar, number department_id, text email, text name, text phone,
          text domain, number status, text sign, number updated) {
        profile found;
        found.set_user_id(id);
        found.set_user_gender(sex);
        found.set_user_nick_name(nick.data(), nick.size());
        found.set_avatar_url(avatar.data(), avatar.size());
        found.set_department_id(department_id);
        found.set_email(email.data(), email.size());
        found.set_user_real_name(name.data(), name.size());
        found.set_user_tel(phone.data(), phone.size());
        found.set_user_domain(domain.data(), domain.size());
        found.set_status(status);
        found.set_sign_info(sign.data(), sign.size());
        row(std::move(found), updated);
      });
}

/// The row stays locked from the look at the old value on, so that `changed` is true.
saved set_text(parley::sql& db, const char* look, const char* write, std::uint32_t id, std::string_view text,
               std::uint32_t now) {
  auto done = saved::no_user;
  db.transaction([&] {
    const auto before = db.one<std::string>(look, {id});
    done = !before ? saved::no_user : std::get<0>(*before) == text ? saved::unchanged : saved::changed;
    if (done == saved::changed) db.execute(write, {text, now, id});
  });
  return done;
}

}  // namespace

contact_details::contact_details(parley::sql& db, std::uint32_t viewer)
    : everyones_(false), visible_(friends_of(db, viewer)) {
  visible_.push_back(viewer);
  std::sort(visible_.begin(), visible_.end());
}

void contact_details::apply(profile& one) const {
  if (everyones_ || std::binary_search(visible_.begin(), visible_.end(), one.user_id())) return;
  one.set_email("");
  one.set_user_tel("");
}

std::vector<page<profile>> users(parley::sql& db, const std::vector<std::uint32_t>& ids,
                                 const contact_details& details) {
  static const std::string by_id = users_by_id();
  pager<profile> found;
  std::vector<profile> chunk;
  for (std::size_t from = 0; from < ids.size(); from += ids_per_query) {
    std::vector<parley::sql_value> wanted(ids_per_query, parley::sql_value(0));
    for (std::size_t i = from; i < std::min(ids.size(), from + ids_per_query); ++i) wanted[i - from] = ids[i];
    chunk.clear();
    read_users(db, by_id, wanted, [&](profile one, std::uint32_t) { chunk.push_back(std::move(one)); });
    std::sort(chunk.begin(), chunk.end(), [](const profile& a, const profile& b) { return a.user_id() < b.user_id(); });
    for (auto& one : chunk) {
      details.apply(one);
      found.add(std::move(one), 0);
    }
  }
  return found.take();
}

changes<profile> users_since(parley::sql& db, std::uint32_t since, const contact_details& details) {
  static const std::string changed =
      // Index (updated), whose end is the newest too.
      select_users("WHERE updated >= ? AND (? > 0 OR status <> 3) ORDER BY updated, id LIMIT ?");
  const auto newest = db.one<std::uint32_t>("SELECT MAX(updated) FROM IMUser", {});
  if (since > 0 && newest && std::get<0>(*newest) <= since) return {};
  pager<profile> found;
  int rows = 0;
  const parley::sql_value parameters[] = {since, since, most_rows};
  read_users(db, changed, parameters, [&](profile one, std::uint32_t updated) {
    ++rows;
    details.apply(one);
    found.add(std::move(one), updated);
  });
  const bool complete = rows < most_rows && !found.full();
  return {found.take(), complete};
}

changes<department> departments_since(parley::sql& db, std::uint32_t since) {
  pager<department> found;
  int rows = 0;
  db.each<std::uint32_t, std::uint32_t, std::string_view, std::uint32_t, std::uint32_t, std::uint32_t>(
      // The table, which is small: TeamTalk's has no index on updated.
      "SELECT id, priority, departName, parentId, status, updated FROM IMDepart "
      "WHERE (updated > ? OR ? = 0) AND status IN (0, 1) ORDER BY updated, id LIMIT ?",
      {since, since, most_rows},
      [&](std::uint32_t id, std::uint32_t priority, std::string_view name, std::uint32_t parent, std::uint32_t status,
          std::uint32_t updated) {
        department one;
        one.set_dept_id(id);
        one.set_priority(priority);
        one.set_dept_name(name.data(), name.size());
        one.set_parent_dept_id(parent);
        one.set_dept_status(status == 0 ? IM::BaseDefine::DEPT_STATUS_OK : IM::BaseDefine::DEPT_STATUS_DELETE);
        ++rows;
        found.add(std::move(one), updated);
      });
  const bool complete = rows < most_rows && !found.full();
  return {found.take(), complete};
}

saved set_signature(parley::sql& db, std::uint32_t id, std::string_view sign_info, std::uint32_t now) {
  return set_text(db, "SELECT sign_info FROM IMUser WHERE id = ? AND status <> 3 {for_update}",  // primary key
                  "UPDATE IMUser SET sign_info = ?, updated = {greatest}(updated, ?) WHERE id = ?", id, sign_info, now);
}

saved set_avatar(parley::sql& db, std::uint32_t id, std::string_view avatar, std::uint32_t now) {
  return set_text(db, "SELECT avatar FROM IMUser WHERE id = ? AND status <> 3 {for_update}",  // primary key
                  "UPDATE IMUser SET avatar = ?, updated = {greatest}(updated, ?) WHERE id = ?", id, avatar, now);
}

}  // namespace buddy::store
