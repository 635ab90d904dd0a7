#include <parley/commands.hpp>

#include "answers.hpp"
#include "group.hpp"

namespace group {

parley::task<parley::status> keeper::on_change_members(parley::request request,
                                                       IM::Group::IMGroupChangeMemberReq message) {
  constexpr auto command = parley::cid::group_change_member_response;
  const bool adding = message.change_type() == IM::BaseDefine::GROUP_MODIFY_TYPE_ADD;
  IM::Group::IMGroupChangeMemberRsp reply;
  reply.set_user_id(request.user());
  reply.set_change_type(message.change_type());
  reply.set_group_id(message.group_id());
  if (static_cast<std::size_t>(message.member_id_list_size()) > limits_.max_members) {
    co_return fail(request, command, reply, status::too_large, "too many members");
  }
  const auto who = actor_of(request);
  const id_list listed(message.member_id_list().begin(), message.member_id_list().end());
  const auto done = settled(co_await main_.write([&, group = message.group_id(), now = unix_s()](parley::sql& db) {
    return adding ? add_members(db, who, group, normalized(listed), limits_, now)
                  : remove_members(db, who, group, normalized(listed), now);
  }));
  if (!done) co_return fail(request, command, reply, done.verdict, done.text);

  reply.set_result_code(0);
  reply.mutable_cur_user_id_list()->Add(done.members.begin(), done.members.end());
  reply.mutable_chg_user_id_list()->Add(done.changed.begin(), done.changed.end());
  fit(reply);
  request.reply(command, reply);
  tell_change(request, done, message.change_type());
  co_return status::ok;
}

parley::task<parley::status> keeper::on_leave(parley::request request, parley::group::LeaveReq message) {
  const auto who = actor_of(request);
  const auto done = settled(co_await main_.write([&, group = message.group_id(), now = unix_s()](parley::sql& db) {
    return remove_members(db, who, group, {who.id}, now);
  }));
  if (!done) co_return refuse(request, done.verdict, done.text);

  parley::group::LeaveRsp reply;
  reply.set_group_id(done.group.id);
  request.reply(parley::cid::group_leave_response, reply);
  tell_change(request, done, IM::BaseDefine::GROUP_MODIFY_TYPE_DEL);
  co_return status::ok;
}

}  // namespace group
