#include <parley/commands.hpp>

#include "answers.hpp"
#include "group.hpp"
#include "text.hpp"

namespace group {
namespace {

struct finding {
  parley::status code = parley::status::ok;
  const char* text = "";
};

finding check(const parley::request& request, const IM::Group::IMGroupCreateReq& message, std::size_t most) {
  using parley::status;
  if (message.group_type() != IM::BaseDefine::GROUP_TYPE_TMP && !request.is_call()) {
    return {status::not_allowed, "only an administrator makes normal groups"};
  }
  if (message.group_name().empty() || !storable(message.group_name(), name_characters)) {
    return {status::malformed, "a name has 1 to 256 characters of UTF-8"};
  }
  if (!storable(message.group_avatar(), avatar_characters)) {
    return {status::malformed, "an avatar has at most 256 characters of UTF-8"};
  }
  if (static_cast<std::size_t>(message.member_id_list_size()) > most) {
    return {status::too_large, "too many members"};
  }
  return {};
}

}  // namespace

parley::task<parley::status> keeper::on_create(parley::request request, IM::Group::IMGroupCreateReq message) {
  constexpr auto command = parley::cid::group_create_response;
  IM::Group::IMGroupCreateRsp reply;
  reply.set_user_id(request.user());
  reply.set_group_name("");
  if (const auto wrong = check(request, message, limits_.max_members); wrong.code != status::ok) {
    co_return fail(request, command, reply, wrong.code, wrong.text);
  }
  const auto who = actor_of(request);
  const id_list listed(message.member_id_list().begin(), message.member_id_list().end());
  const group_wish wish{message.group_name(), message.group_avatar(), static_cast<number>(message.group_type()),
                        listed};
  const auto done = settled(
      co_await main_.write([&, now = unix_s()](parley::sql& db) { return create_group(db, who, wish, limits_, now); }));
  if (!done) co_return fail(request, command, reply, done.verdict, done.text);

  reply.set_result_code(0);
  reply.set_group_id(done.group.id);
  reply.set_group_name(done.group.name);
  reply.mutable_user_id_list()->Add(done.members.begin(), done.members.end());
  request.reply(command, reply);
  tell_members(request, done, IM::BaseDefine::GROUP_MODIFY_TYPE_ADD);
  publish(request, done, group_change::created);
  co_return status::ok;
}

}  // namespace group
