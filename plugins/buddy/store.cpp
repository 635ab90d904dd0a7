#include "store.hpp"

#include <span>
#include <string>
#include <string_view>

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
  std::string marks = "?";
  for (std::size_t i = 1; i < ids_per_query; ++i) marks += ",?";
  return select_users("WHERE id IN (" + marks + ")");
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
        user found;
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

}  // namespace

std::vector<page<user>> users(parley::sql& db, const std::vector<std::uint32_t>& ids) {
  static const std::string by_id = users_by_id();
  pager<user> found;
  std::vector<user> chunk;
  for (std::size_t from = 0; from < ids.size(); from += ids_per_query) {
    std::vector<parley::sql_value> wanted(ids_per_query, parley::sql_value(0));
    for (std::size_t i = from; i < std::min(ids.size(), from + ids_per_query); ++i) wanted[i - from] = ids[i];
    chunk.clear();
    read_users(db, by_id, wanted, [&](user one, std::uint32_t) { chunk.push_back(std::move(one)); });
    std::sort(chunk.begin(), chunk.end(), [](const user& a, const user& b) { return a.user_id() < b.user_id(); });
    for (auto& one : chunk) found.add(std::move(one), 0);
  }
  return found.take();
}

changes<user> users_since(parley::sql& db, std::uint32_t since) {
  static const std::string changed =
      select_users("WHERE updated >= ? AND (? > 0 OR status <> 3) ORDER BY updated, id LIMIT ?");
  const auto newest = db.one<std::uint32_t>("SELECT MAX(updated) FROM IMUser", {});
  if (since > 0 && newest && std::get<0>(*newest) <= since) return {};
  pager<user> found;
  int rows = 0;
  const parley::sql_value parameters[] = {since, since, most_rows};
  read_users(db, changed, parameters, [&](user one, std::uint32_t updated) {
    ++rows;
    found.add(std::move(one), updated);
  });
  return {found.take(), rows < most_rows && !found.full()};
}

changes<department> departments_since(parley::sql& db, std::uint32_t since) {
  pager<department> found;
  int rows = 0;
  db.each<std::uint32_t, std::uint32_t, std::string_view, std::uint32_t, std::uint32_t, std::uint32_t>(
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
  return {found.take(), rows < most_rows && !found.full()};
}

}  // namespace buddy::store
