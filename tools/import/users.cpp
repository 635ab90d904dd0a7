// Names and passwords: nothing to change, something to tell.
#include "import/steps.hpp"

namespace parley::teamtalk {
namespace {

std::uint64_t count(job& work, const char* statement) {
  const auto row = work.db().one<std::uint64_t>(statement, {});
  return row ? std::get<0>(*row) : 0;
}

}  // namespace

void look_at_users(job& work) {
  work.enter("users");
  auto& out = work.out();
  out.count("users", count(work, "SELECT COUNT(*) FROM IMUser"));
  out.count("who can log in (status 0)", count(work, "SELECT COUNT(*) FROM IMUser WHERE status = 0"));
  out.count("who have left (status 3)", count(work, "SELECT COUNT(*) FROM IMUser WHERE status = 3"));
  out.count("not active, of the same name as an active one",
            count(work,
                  "SELECT COUNT(DISTINCT l.id) FROM IMUser l JOIN IMUser a ON a.name = l.name AND a.status = 0 WHERE "
                  "l.status <> 0"));
  std::uint64_t doubled = 0;
  work.db().each<std::string, std::uint64_t>(
      "SELECT MAX(name), MIN(id) FROM IMUser WHERE status = 0 GROUP BY CAST(name AS BINARY) HAVING COUNT(*) > 1 ORDER "
      "BY 2",
      {}, [&](const std::string& name, std::uint64_t lowest) {
        if (++doubled > 10) return;
        out.remark("several active users are named " + name + ": only user " + std::to_string(lowest) +
                   " can log in by that name");
      });
  out.count("names of several active users", doubled);
  const auto without = work.has_table("credential")
                           ? "SELECT COUNT(*) FROM IMUser u LEFT JOIN credential c ON c.user_id = u.id WHERE u.status "
                             "= 0 AND u.password = '' AND c.user_id IS NULL"
                           : "SELECT COUNT(*) FROM IMUser WHERE status = 0 AND password = ''";
  out.count("active without a password", count(work, without));
  out.end("looked at");
}

}  // namespace parley::teamtalk
