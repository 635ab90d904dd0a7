// What the owner may: dissolve a group, rename it, hand it over.
#include <parley/commands.hpp>

#include "answers.hpp"
#include "group.hpp"
#include "text.hpp"

namespace group {

parley::task<parley::status> keeper::on_dissolve(parley::request request, parley::group::DissolveReq message) {
  const auto who = actor_of(request);
  const auto done = settled(co_await main_.write([&, group = message.group_id(), now = unix_s()](parley::sql& db) {
    return dissolve_group(db, who, group, now);
  }));
  if (!done) co_return refuse(request, done.verdict, done.text);

  parley::group::DissolveRsp reply;
  reply.set_group_id(done.group.id);
  request.reply(parley::cid::group_dissolve_response, reply);
  tell_dissolved(request, done);
  publish(request, done, group_change::dissolved);
  co_return status::ok;
}

parley::task<parley::status> keeper::on_change_profile(parley::request request,
                                                       parley::group::ChangeProfileReq message) {
  if (!message.has_name() && !message.has_avatar()) {
    co_return request.explain(status::malformed, "neither a name nor an avatar");
  }
  if (message.has_name() && (message.name().empty() || !storable(message.name(), name_characters))) {
    co_return request.explain(status::malformed, "a name has 1 to 256 characters of UTF-8");
  }
  if (message.has_avatar() && !storable(message.avatar(), avatar_characters)) {
    co_return request.explain(status::malformed, "an avatar has at most 256 characters of UTF-8");
  }
  const auto who = actor_of(request);
  const auto* name = message.has_name() ? &message.name() : nullptr;
  const auto* avatar = message.has_avatar() ? &message.avatar() : nullptr;
  const auto done = settled(co_await main_.write([&, group = message.group_id(), now = unix_s()](parley::sql& db) {
    return change_profile(db, who, group, name, avatar, now);
  }));
  if (!done) co_return refuse(request, done.verdict, done.text);

  parley::group::ChangeProfileRsp reply;
  reply.set_group_id(done.group.id);
  reply.set_version(done.group.version);
  reply.set_name(done.group.name);
  reply.set_avatar(done.group.avatar);
  request.reply(parley::cid::group_change_profile_response, reply);
  tell_profile(request, done);
  publish(request, done, group_change::profile);
  co_return status::ok;
}

parley::task<parley::status> keeper::on_hand_over(parley::request request, parley::group::HandOverReq message) {
  const auto who = actor_of(request);
  const auto done = settled(co_await main_.write(
      [&, now = unix_s()](parley::sql& db) { return hand_over(db, who, message.group_id(), message.user_id(), now); }));
  if (!done) co_return refuse(request, done.verdict, done.text);

  parley::group::HandOverRsp reply;
  reply.set_group_id(done.group.id);
  reply.set_version(done.group.version);
  reply.set_owner_id(done.group.owner);
  request.reply(parley::cid::group_hand_over_response, reply);
  if (!done.owner_changed) co_return status::ok;
  tell_owner(request, done);
  publish(request, done, group_change::profile);
  co_return status::ok;
}

}  // namespace group
