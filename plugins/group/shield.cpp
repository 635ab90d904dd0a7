#include <parley/commands.hpp>

#include "answers.hpp"
#include "group.hpp"

namespace group {

parley::task<parley::status> keeper::on_shield(parley::request request, IM::Group::IMGroupShieldReq message) {
  constexpr auto command = parley::cid::group_shield_group_response;
  IM::Group::IMGroupShieldRsp reply;
  reply.set_user_id(request.user());
  reply.set_group_id(message.group_id());
  if (message.shield_status() > 1) {
    co_return fail(request, command, reply, status::malformed, "shield_status is 0 or 1");
  }
  const auto who = actor_of(request);
  const bool muted = message.shield_status() == 1;
  const auto done = settled(co_await main_.write([&, group = message.group_id(), now = unix_s()](parley::sql& db) {
    return set_shield(db, who, group, muted, now);
  }));
  if (!done) co_return fail(request, command, reply, done.verdict, done.text);

  reply.set_result_code(0);
  request.reply(command, reply);
  publish(request, done, group_change::shield);
  co_return status::ok;
}

}  // namespace group
