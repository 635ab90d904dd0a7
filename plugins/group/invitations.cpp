#include <parley/commands.hpp>

#include "answers.hpp"
#include "group.hpp"
#include "text.hpp"

namespace group {
namespace {

constexpr int most_invited_at_once = 100;

}  // namespace

parley::task<parley::status> keeper::on_invite(parley::request request, parley::group::InviteReq message) {
  if (message.user_id_size() > most_invited_at_once) {
    co_return request.explain(status::too_large, "at most 100 users per request");
  }
  if (!storable(message.text(), invitation_characters)) {
    co_return request.explain(status::malformed, "a text has at most 256 characters of UTF-8");
  }
  const auto who = actor_of(request);
  const auto now = unix_s();
  const id_list listed(message.user_id().begin(), message.user_id().end());
  const auto done = settled(co_await main_.write([&, now](parley::sql& db) {
    return invite(db, who, message.group_id(), normalized(listed), message.text(), limits_, now);
  }));
  if (!done) co_return refuse(request, done.verdict, done.text);

  parley::group::InviteRsp reply;
  reply.set_group_id(done.group.id);
  reply.mutable_user_id()->Add(done.changed.begin(), done.changed.end());
  request.reply(parley::cid::group_invite_response, reply);
  tell_invited(done, who.id, message.text(), now);
  co_return status::ok;
}

parley::task<parley::status> keeper::on_invitations(parley::request request, parley::group::InvitationsReq) {
  const auto now = unix_s();
  const auto found = co_await main_.read([&, user = request.user(), now](parley::sql& db) {
    return store::invitations_of(db, user, limits_.max_pending, limits_.oldest_invitation(now));
  });
  if (!found) co_return found.code();

  parley::group::InvitationsRsp reply;
  for (const auto& one : *found) {
    auto& row = *reply.add_invitation();
    row.set_group_id(one.group);
    row.set_group_name(one.group_name);
    row.set_inviter_id(one.inviter);
    row.set_text(one.text);
    row.set_created(one.created);
    row.set_expires(one.created + limits_.invitation_s);
  }
  co_return request.reply(parley::cid::group_invitations_response, reply);
}

parley::task<parley::status> keeper::on_answer_invitation(parley::request request,
                                                          parley::group::AnswerInvitationReq message) {
  const bool accepted = message.accept();
  const auto done = settled(co_await main_.write([&, user = request.user(), now = unix_s()](parley::sql& db) {
    return answer_invitation(db, user, message.group_id(), accepted, limits_, now);
  }));
  if (!done) co_return refuse(request, done.verdict, done.text);

  parley::group::AnswerInvitationRsp reply;
  reply.set_group_id(message.group_id());
  reply.set_accepted(accepted);
  if (accepted) reply.set_version(done.group.version);
  request.reply(parley::cid::group_answer_invitation_response, reply);
  if (!done.changed.empty()) tell_change(request, done, IM::BaseDefine::GROUP_MODIFY_TYPE_ADD);
  co_return status::ok;
}

}  // namespace group
