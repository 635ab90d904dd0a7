// What a user's terminals make of it: 0x020A, 0x0A40.
#include <parley/commands.hpp>

#include "route.hpp"

namespace route {
namespace {

constexpr int most_ids = 5000;

IM::BaseDefine::UserStatType number_of(presence status) {
  return static_cast<IM::BaseDefine::UserStatType>(status);
}

}  // namespace

seen route_plugin::look(std::uint64_t user) const {
  seen out;
  for (const auto& terminal : sessions().terminals(user)) {
    out.pc |= terminal.tag >> 4 == 0;
    if (!away_.contains(terminal.session)) {
      out.status = presence::online;
    } else if (out.status == presence::offline) {
      out.status = presence::leave;
    }
  }
  return out;
}

/// One entry per id, in the order asked.
parley::status route_plugin::on_users_status(parley::request request, const IM::Buddy::IMUsersStatReq& message) {
  if (message.user_id_list_size() > most_ids) {
    return request.explain(parley::status::too_large, "at most " + std::to_string(most_ids) + " users per request");
  }
  IM::Buddy::IMUsersStatRsp reply;
  reply.set_user_id(request.user());
  reply.mutable_user_stat_list()->Reserve(message.user_id_list_size());
  for (const std::uint32_t id : message.user_id_list()) {
    auto* one = reply.add_user_stat_list();
    one->set_user_id(id);
    one->set_status(number_of(look(id).status));
  }
  return request.reply(parley::cid::buddy_list_users_status_response, reply);
}

parley::status route_plugin::on_set(parley::request request, const parley::presence::IMPresenceSetReq& message) {
  if (request.is_call()) return parley::status::not_allowed;
  if (message.status() == IM::BaseDefine::USER_STATUS_OFFLINE) {
    return request.explain(parley::status::malformed, "a terminal is online or away (leave); to be offline, log out");
  }
  const bool changed = message.status() == IM::BaseDefine::USER_STATUS_LEAVE ? away_.insert(request.session()).second
                                                                             : away_.erase(request.session()) > 0;
  if (changed) touched(request.user());
  parley::presence::IMPresenceSetRsp reply;
  reply.set_user_id(request.user());
  reply.set_result_code(0);
  reply.set_status(number_of(look(request.user()).status));
  return request.reply(parley::cid::presence_set_rsp, reply);
}

}  // namespace route
