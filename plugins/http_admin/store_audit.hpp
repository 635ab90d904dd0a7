// SQL of the audit log. [worker]
#pragma once

#include <parley/sql.hpp>

#include <string>
#include <string_view>
#include <vector>

#include "store.hpp"

namespace http_admin::store {

struct audited {
  number id = 0;
  number at = 0;
  std::string admin;
  std::string role;
  std::string address;
  std::string action;  // "users.edit"
  std::string target;
  std::string result;  // "begun" until it is known; "ok", or the code of the failure
  std::string detail;
};

number add_audit(parley::sql& db, const audited& row);
/// `target`: of what was only just made; empty: as it was.
void end_audit(parley::sql& db, number id, std::string_view result, std::string_view target);

struct audit_page {
  number total = 0;
  std::vector<audited> rows;  // newest first
};
/// Empty texts: of all.
audit_page list_audit(parley::sql& db, std::string_view admin, std::string_view action, number skip, number most);
/// At most `most` rows of before `before`; how many went.
std::size_t expire_audit(parley::sql& db, number before, number most);

}  // namespace http_admin::store
