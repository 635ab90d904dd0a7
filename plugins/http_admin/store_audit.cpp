#include "store_audit.hpp"

namespace http_admin::store {

using parley::sql;

number add_audit(sql& db, const audited& row) {
  const auto made = db.execute(
      "INSERT INTO audit(at, admin, role, address, action, target, result, detail) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
      {row.at, row.admin, row.role, row.address, row.action, row.target, row.result, row.detail});
  return static_cast<number>(made.inserted_id);
}

void end_audit(sql& db, number id, std::string_view result, std::string_view target) {
  db.execute("UPDATE audit SET result = ? WHERE id = ?", {result, id});  // primary key
  if (!target.empty()) db.execute("UPDATE audit SET target = ? WHERE id = ?", {target, id});
}

audit_page list_audit(sql& db, std::string_view admin, std::string_view action, number skip, number most) {
  audit_page out;
  const auto count = [&](const char* statement, std::initializer_list<parley::sql_value> where) {
    out.total = std::get<0>(db.one<number>(statement, where).value_or(std::tuple<number>(0)));
  };
  const auto list = [&](const char* statement, std::initializer_list<parley::sql_value> where) {
    db.each<number, number, std::string, std::string, std::string, std::string, std::string, std::string, std::string>(
        statement, where,
        [&](number id, number at, std::string who, std::string role, std::string address, std::string what,
            std::string target, std::string result, std::string detail) {
          out.rows.push_back({id, at, std::move(who), std::move(role), std::move(address), std::move(what),
                              std::move(target), std::move(result), std::move(detail)});
        });
  };
  if (!admin.empty() && !action.empty()) {  // audit_admin, then compared
    count("SELECT COUNT(*) FROM audit WHERE admin = ? AND action = ?", {admin, action});
    list(
        "SELECT id, at, admin, role, address, action, target, result, detail FROM audit WHERE admin = ? AND action = ? "
        "ORDER BY id DESC LIMIT ? OFFSET ?",
        {admin, action, most, skip});
  } else if (!admin.empty()) {  // audit_admin
    count("SELECT COUNT(*) FROM audit WHERE admin = ?", {admin});
    list(
        "SELECT id, at, admin, role, address, action, target, result, detail FROM audit WHERE admin = ? "
        "ORDER BY id DESC LIMIT ? OFFSET ?",
        {admin, most, skip});
  } else if (!action.empty()) {  // audit_action
    count("SELECT COUNT(*) FROM audit WHERE action = ?", {action});
    list(
        "SELECT id, at, admin, role, address, action, target, result, detail FROM audit WHERE action = ? "
        "ORDER BY id DESC LIMIT ? OFFSET ?",
        {action, most, skip});
  } else {  // primary key
    count("SELECT COUNT(*) FROM audit", {});
    list(
        "SELECT id, at, admin, role, address, action, target, result, detail FROM audit ORDER BY id DESC "
        "LIMIT ? OFFSET ?",
        {most, skip});
  }
  return out;
}

std::size_t expire_audit(sql& db, number before, number most) {
  std::size_t gone = 0;
  db.transaction([&] {
    gone = 0;
    std::vector<number> ids;
    db.each<number>("SELECT id FROM audit WHERE at < ? ORDER BY at LIMIT ?", {before, most},  // audit_at
                    [&](number id) { ids.push_back(id); });
    for (const auto id : ids) db.execute("DELETE FROM audit WHERE id = ?", {id});  // primary key
    gone = ids.size();
  });
  return gone;
}

}  // namespace http_admin::store
