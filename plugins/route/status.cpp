// What a user's terminals make of it: 0x020A, 0x0A40.
#include <parley/commands.hpp>

#include <algorithm>
#include <array>
#include <span>

#include "route.hpp"

namespace route {
namespace {

constexpr int most_ids = 30'000;  // of up to 10 bytes in the reply: below 380 KiB, the most that Android takes

IM::BaseDefine::UserStatType number_of(presence status) {
  return static_cast<IM::BaseDefine::UserStatType>(status);
}

}  // namespace

/// Thousands are looked at in a turn: without an allocation for those who have few terminals.
seen route_plugin::look(std::uint64_t user) const {
  seen out;
  std::array<parley::terminal, 8> few;
  std::vector<parley::terminal> many;
  const auto* e = host_edge();
  const auto count = e->session->terminals(e->self, user, few.data(), few.size());
  if (count > few.size()) many = sessions().terminals(user);
  const auto terminals =
      many.empty() ? std::span<const parley::terminal>(few.data(), count) : std::span(std::as_const(many));
  for (const auto& terminal : terminals) {
    out.pc |= terminal.tag >> 4 == 0;
    if (!away_.contains(terminal.session)) {
      out.status = presence::online;
    } else if (out.status == presence::offline) {
      out.status = presence::leave;
    }
  }
  return out;
}

/// Whether that is a change. A session that has gone by now is not remembered: nobody would forget it.
bool route_plugin::set_away(std::uint64_t user, parley_session_id session, bool away) {
  const auto terminals = sessions().terminals(user);
  const bool there =
      std::any_of(terminals.begin(), terminals.end(), [&](const auto& one) { return one.session == session; });
  return away && there ? away_.insert(session).second : away_.erase(session) > 0;
}

/// One entry per id, in the order asked. TeamTalk's clients hear no refusal: they get the first of too many.
parley::status route_plugin::on_users_status(parley::request request, const IM::Buddy::IMUsersStatReq& message) {
  const auto& ids = message.user_id_list();
  if (ids.size() > most_ids && request.level() > 0) {
    return request.explain(parley::status::too_large, "at most " + std::to_string(most_ids) + " users per request");
  }
  const auto count = std::min(ids.size(), most_ids);
  IM::Buddy::IMUsersStatRsp reply;
  reply.set_user_id(request.user());
  reply.mutable_user_stat_list()->Reserve(count);
  for (int i = 0; i < count; ++i) {
    auto* one = reply.add_user_stat_list();
    one->set_user_id(ids[i]);
    one->set_status(number_of(look(ids[i]).status));
  }
  return request.reply(parley::cid::buddy_list_users_status_response, reply);
}

parley::status route_plugin::on_set(parley::request request, const parley::presence::IMPresenceSetReq& message) {
  if (request.is_call()) return parley::status::not_allowed;
  if (message.status() == IM::BaseDefine::USER_STATUS_OFFLINE) {
    return request.explain(parley::status::malformed, "a terminal is online or away (leave); to be offline, log out");
  }
  const bool changed =
      set_away(request.user(), request.session(), message.status() == IM::BaseDefine::USER_STATUS_LEAVE);
  if (changed) touched(request.user());
  parley::presence::IMPresenceSetRsp reply;
  reply.set_user_id(request.user());
  reply.set_result_code(0);
  reply.set_status(number_of(look(request.user()).status));
  return request.reply(parley::cid::presence_set_rsp, reply);
}

}  // namespace route
