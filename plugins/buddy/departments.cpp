#include <parley/commands.hpp>

#include "buddy.hpp"
#include "store.hpp"

namespace buddy {

parley::task<parley::status> buddy_plugin::on_departments(parley::request request, IM::Buddy::IMDepartmentReq message) {
  const std::uint32_t since = message.latest_update_time();
  const std::uint32_t now = unix_s();
  auto found = co_await main_.read([since](parley::sql& db) { return store::departments_since(db, since); });
  if (!found) co_return found.code();
  if (found->pages.empty()) found->pages.emplace_back();
  for (std::size_t i = 0; i < found->pages.size(); ++i) {
    IM::Buddy::IMDepartmentRsp reply;
    reply.set_user_id(request.user());
    reply.set_latest_update_time(found->mark(i, since, now));
    reply.mutable_dept_list()->Swap(&found->pages[i].rows);
    if (auto sent = request.reply(parley::cid::buddy_list_department_response, reply); sent != parley::status::ok) {
      co_return sent;
    }
  }
  co_return parley::status::ok;
}

}  // namespace buddy
