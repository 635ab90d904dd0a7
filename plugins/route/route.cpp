#include <parley/commands.hpp>
#include <parley/plugin.hpp>

#include "IM.Buddy.pb.h"

namespace {

constexpr int most_ids = 5000;

class route final : public parley::plugin {
 public:
  explicit route(const parley::context& ctx) : plugin(ctx) {}

  /// One entry per id, in the order asked. Any terminal counts, a mobile one too.
  parley::status on_users_status(parley::request request, const IM::Buddy::IMUsersStatReq& message) {
    if (message.user_id_list_size() > most_ids) {
      return request.explain(parley::status::too_large, "at most " + std::to_string(most_ids) + " users per request");
    }
    IM::Buddy::IMUsersStatRsp reply;
    reply.set_user_id(request.user());
    reply.mutable_user_stat_list()->Reserve(message.user_id_list_size());
    for (const std::uint32_t id : message.user_id_list()) {
      auto* one = reply.add_user_stat_list();
      one->set_user_id(id);
      one->set_status(sessions().online(id) ? IM::BaseDefine::USER_STATUS_ONLINE : IM::BaseDefine::USER_STATUS_OFFLINE);
    }
    return request.reply(parley::cid::buddy_list_users_status_response, reply);
  }
};

constexpr auto commands =
    parley::commands(parley::on<parley::cid::buddy_list_users_status_request, &route::on_users_status>(
        parley::access::authenticated, "users_status"));

}  // namespace

PARLEY_PLUGIN(route, "route", "0.1.0", "presence: who is online", commands)
