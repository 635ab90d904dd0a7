// The operator's verbs that change groups. They act as an administrator does, and members hear of it as ever.
#include <parley/json.hpp>

#include <algorithm>

#include "answers.hpp"
#include "group.hpp"
#include "text.hpp"
#include "verbs.hpp"

namespace group {
namespace {

constexpr actor administrator{0, true};

/// "1,2,3": at most so many ids.
std::optional<id_list> read_ids(std::string_view text, std::size_t most) {
  id_list ids;
  while (!text.empty()) {
    const auto end = std::min(text.find(','), text.size());
    const auto id = from_one(text.substr(0, end));
    if (!id || ids.size() == most) return std::nullopt;
    ids.push_back(*id);
    if (end == text.size()) return ids;
    text.remove_prefix(end + 1);
  }
  return std::nullopt;  // nothing, or nothing behind a comma
}

parley::json_object head(const outcome& done) {
  parley::json_object out;
  out.add("id", done.group.id).add("name", done.group.name).add("type", type_word(done.group.type));
  out.add("owner", done.group.owner).add("avatar", done.group.avatar).add("members", done.members.size());
  return out.add("version", done.group.version);
}

std::string list(const id_list& ids) {
  return parley::json_array(ids, [](number id) { return std::to_string(id); });
}

/// Ends a verb whose change was not made.
void fail(const parley::verb_call& call, const std::string& verb, const outcome& done) {
  const std::string_view why = *done.text ? std::string_view(done.text) : parley::to_string(done.verdict);
  call.fail(done.verdict, verb + ": " + std::string(why));
}

void malformed(const parley::verb_call& call, const std::string& verb, std::string_view why) {
  call.fail(parley::status::malformed, verb + ": " + std::string(why));
}

constexpr char no_id[] = "a group's id is a number; `groups list --search` finds it by name";

}  // namespace

parley::task<> keeper::on_groups_add(parley::verb_call call) {
  const std::string verb = "groups add";
  const auto ids = read_ids(call[1], limits_.max_members);
  const auto owner = call[2].empty() ? 0 : parley::whole_number(call[2]);
  const auto& type = call[4];
  if (call[0].empty() || !storable(call[0], name_characters) || parley::has_control(call[0])) {
    co_return malformed(call, verb, "a name has 1 to 256 characters of UTF-8 on one line");
  }
  if (!ids) co_return malformed(call, verb, "members are user ids, as 1,2,3");
  if (!owner) co_return malformed(call, verb, "the owner is a user's id");
  if (!storable(call[3], avatar_characters)) co_return malformed(call, verb, "an avatar has at most 256 characters");
  if (!type.empty() && type != "normal" && type != "temporary") {
    co_return malformed(call, verb, "the type is normal or temporary");
  }
  const group_wish wish{call[0], call[3], type == "temporary" ? store::temporary_group : store::normal_group, *ids,
                        *owner};
  const auto done = settled(co_await main_.write(
      [&, now = unix_s()](parley::sql& db) { return create_group(db, administrator, wish, limits_, now); }));
  if (!done) co_return fail(call, verb, done);
  tell_members({}, done, IM::BaseDefine::GROUP_MODIFY_TYPE_ADD);
  publish({}, done, group_change::created);
  call.answer(head(done).raw("left_out", list(without(normalized(*ids), done.members))).str());
}

parley::task<> keeper::set_profile(parley::verb_call call, bool name) {
  const std::string verb = name ? "groups rename" : "groups avatar";
  const auto id = from_one(call[0]);
  if (!id) co_return malformed(call, verb, no_id);
  if (name && (call[1].empty() || !storable(call[1], name_characters) || parley::has_control(call[1]))) {
    co_return malformed(call, verb, "a name has 1 to 256 characters of UTF-8 on one line");
  }
  if (!name && !storable(call[1], avatar_characters))
    co_return malformed(call, verb, "an avatar has at most 256 characters");
  const auto done = settled(co_await main_.write([&, now = unix_s()](parley::sql& db) {
    return change_profile(db, administrator, *id, name ? &call[1] : nullptr, name ? nullptr : &call[1], now);
  }));
  if (!done) co_return fail(call, verb, done);
  tell_profile({}, done);
  publish({}, done, group_change::profile);
  call.answer(head(done).str());
}

parley::task<> keeper::on_groups_rename(parley::verb_call call) {
  return set_profile(std::move(call), true);
}

parley::task<> keeper::on_groups_avatar(parley::verb_call call) {
  return set_profile(std::move(call), false);
}

parley::task<> keeper::on_groups_owner(parley::verb_call call) {
  const std::string verb = "groups owner";
  const auto id = from_one(call[0]), user = from_one(call[1]);
  if (!id) co_return malformed(call, verb, no_id);
  if (!user) co_return malformed(call, verb, "the new owner is a user's id");
  const auto done = settled(co_await main_.write(
      [&, now = unix_s()](parley::sql& db) { return hand_over(db, administrator, *id, *user, now); }));
  if (!done) co_return fail(call, verb, done);
  if (done.owner_changed) {
    tell_owner({}, done);
    publish({}, done, group_change::profile);
  }
  call.answer(head(done).str());
}

parley::task<> keeper::change_members(parley::verb_call call, bool adding) {
  const std::string verb = adding ? "groups member-add" : "groups member-remove";
  const auto id = from_one(call[0]);
  const auto users = read_ids(call[1], limits_.max_members);
  if (!id) co_return malformed(call, verb, no_id);
  if (!users) co_return malformed(call, verb, "users are ids, as 1,2,3");
  const auto wanted = normalized(*users);
  const auto done = settled(co_await main_.write([&, now = unix_s()](parley::sql& db) {
    return adding ? add_members(db, administrator, *id, wanted, limits_, now)
                  : remove_members(db, administrator, *id, wanted, now);
  }));
  if (!done) co_return fail(call, verb, done);
  tell_change({}, done, adding ? IM::BaseDefine::GROUP_MODIFY_TYPE_ADD : IM::BaseDefine::GROUP_MODIFY_TYPE_DEL);
  auto out = head(done).raw(adding ? "added" : "removed", list(done.changed));
  out.raw("left_out", list(without(wanted, done.changed))).raw("dissolved", done.dissolved ? "true" : "false");
  call.answer(out.str());
}

parley::task<> keeper::on_groups_member_add(parley::verb_call call) {
  return change_members(std::move(call), true);
}

parley::task<> keeper::on_groups_member_remove(parley::verb_call call) {
  return change_members(std::move(call), false);
}

parley::task<> keeper::on_groups_dissolve(parley::verb_call call) {
  const auto id = from_one(call[0]);
  if (!id) co_return malformed(call, "groups dissolve", no_id);
  const auto done = settled(co_await main_.write(
      [&, now = unix_s()](parley::sql& db) { return dissolve_group(db, administrator, *id, now); }));
  if (!done) co_return fail(call, "groups dissolve", done);
  tell_dissolved({}, done);
  publish({}, done, group_change::dissolved);
  call.answer(parley::json_object().add("id", done.group.id).add("members", done.changed.size()).str());
}

}  // namespace group
