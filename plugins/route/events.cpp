// What happens to sessions and users, and what a user's own mobile terminals hear of its PC (0x020E).
#include <parley/commands.hpp>

#include <algorithm>

#include "route.hpp"

namespace route {
namespace {

constexpr std::size_t longest_text = 1024;  // of a signature or avatar that is passed on
constexpr parley::selector mobile_terminals{.tag_mask = 0x10, .tag_value = 0x10};

bool is_mobile(std::uint32_t client_type) {
  return client_type >> 4 == 1;
}

}  // namespace

void route_plugin::on_opened(const parley::events::SessionOpened& event) {
  if (event.was_there()) return follow(event.user_id());
  if (is_mobile(event.client_type()) && responsible_for(event.user_id())) {
    mobiles_.emplace_back(event.session_id(), event.user_id());
  }
  touched(event.user_id());
}

/// When the node ends nobody is left to be told.
void route_plugin::on_closed(const parley::events::SessionClosed& event) {
  away_.erase(event.session_id());
  if (event.reason() != "drained" && event.reason() != "shutdown") touched(event.user_id());
}

void route_plugin::on_terminal_status(const parley::events::TerminalStatus& event) {
  set_away(event.user_id(), event.session_id(), event.status() == IM::BaseDefine::USER_STATUS_LEAVE);
  touched(event.user_id());
}

void route_plugin::on_user_changed(const parley::events::UserChanged& event) {
  if (event.user_id() == 0 || event.what() != parley::events::USER_PROFILE) return;
  if (!responsible_for(event.user_id())) return;
  const bool sign = event.has_sign_info() && event.sign_info().size() <= longest_text;
  const bool avatar = event.has_avatar() && event.avatar().size() <= longest_text;
  if (sign) ledger_.signature_changed(event.user_id(), event.sign_info());
  if (avatar) ledger_.avatar_changed(event.user_id(), event.avatar());
  come_back();
  if (sign || avatar) later();
}

void route_plugin::on_serving(const serving&) {
  come_back();
  later();
}

void route_plugin::touched(std::uint32_t user) {
  come_back();
  if (user == 0) return;
  if (!responsible_for(user)) return follow(user);
  ledger_.touched(user);
  pc_touched_.insert(user);
  later();
}

/// The instance of another node tells it; this one goes on from there when it has to, and then has to know as well of
/// whom everybody was told.
void route_plugin::follow(std::uint32_t user) {
  const bool before = ledger_.told(user).wide;
  ledger_.set_told(user, look(user));
  if (before || everybody_sees_everybody()) ledger_.told_everybody(user);
}

/// Events go to whoever serves, so a reload that was under way has been refused.
void route_plugin::come_back() {
  handed_over_ = false;
}

void route_plugin::tell_mobiles() {
  IM::Buddy::IMPCLoginStatusNotify notify;
  std::unordered_set<std::uint32_t> all_told;
  for (const auto user : pc_touched_) {
    const auto now = look(user);
    auto told = ledger_.told(user);
    if (told.pc == now.pc) continue;
    told.pc = now.pc;
    ledger_.set_told(user, told);
    all_told.insert(user);
    notify.set_user_id(user);
    notify.set_login_stat(now.pc ? IM::BaseDefine::USER_STATUS_ONLINE : IM::BaseDefine::USER_STATUS_OFFLINE);
    sessions().push_user(user, parley::cid::buddy_list_pc_login_status_notify, notify, mobile_terminals);
  }
  pc_touched_.clear();
  for (const auto& [session, user] : mobiles_) {
    if (all_told.contains(user) || !look(user).pc) continue;
    notify.set_user_id(user);
    notify.set_login_stat(IM::BaseDefine::USER_STATUS_ONLINE);
    sessions().push(session, parley::cid::buddy_list_pc_login_status_notify, notify);
  }
  mobiles_.clear();
}

}  // namespace route
