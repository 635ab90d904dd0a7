// Terminals going: logout (0x0105), a mobile sending the PC away (0x010A), and kicks (0x0107).
#include <parley/commands.hpp>

#include <algorithm>

#include "login.hpp"

namespace login {

void login_plugin::end_terminals(std::uint32_t user, std::optional<terminal_class> which,
                                 IM::BaseDefine::KickReasonType reason, parley_session_id except) {
  IM::Login::IMKickUser kick;
  kick.set_user_id(user);
  kick.set_kick_reason(reason);
  for (const auto& terminal : sessions().terminals(user)) {
    if (terminal.session == except || (which && class_of(terminal.tag) != *which)) continue;
    sessions().push(terminal.session, parley::cid::login_kick_user, kick);
    sessions().close(terminal.session, "kicked");
  }
}

/// Of two logins of a class at once, on two nodes, neither found the other to end: whoever is told of both ends the
/// first. On one node there is never another; and who is no terminal (any more) ends none.
void login_plugin::on_opened(const session_opened& event) {
  if (event.was_there || event.user == 0 || !responsible_for(event.user)) return;
  const auto all = sessions().terminals(event.user);
  const auto is_it = [&](const auto& terminal) { return terminal.session == event.session; };
  if (all.size() < 2 || std::none_of(all.begin(), all.end(), is_it)) return;
  end_terminals(event.user, class_of(event.client_type), IM::BaseDefine::KICK_REASON_DUPLICATE_USER, event.session);
}

/// A mobile that logs out wants no more pushes; a PC terminal leaves the mobile's token alone.
parley::task<parley::status> login_plugin::on_logout(parley::request request, IM::Login::IMLogoutReq) {
  if (request.is_call()) co_return parley::status::not_allowed;
  if (class_of(request.tag()) == terminal_class::mobile) {
    const auto cleared =
        co_await main_.write([user = request.user()](parley::sql& db) { store::clear_device_token(db, user); });
    if (!cleared) log().warn("a device token outlives its logout: " + cleared.text(), request.session());
  }
  IM::Login::IMLogoutRsp reply;
  reply.set_result_code(0);
  request.reply(parley::cid::login_res_loginout, reply);
  sessions().close(request.session(), "logout");
  co_return parley::status::ok;
}

parley::status login_plugin::on_kick_pc(parley::request request, const IM::Login::IMKickPCClientReq&) {
  if (class_of(request.tag()) != terminal_class::mobile) return parley::status::not_allowed;
  end_terminals(request.user(), terminal_class::pc, IM::BaseDefine::KICK_REASON_MOBILE_KICK);
  IM::Login::IMKickPCClientRsp reply;
  reply.set_user_id(request.user());
  reply.set_result_code(0);
  return request.reply(parley::cid::login_res_kickpcclient, reply);
}

}  // namespace login
