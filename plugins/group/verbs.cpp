// The operator's verbs: groups list, groups show.
#include <parley/json.hpp>
#include <parley/number.hpp>

#include <optional>

#include "group.hpp"

namespace group {
namespace {

/// What one answer holds: it is built on the loop.
constexpr number usually_listed = 1000;
constexpr number most_listed = 10'000;
constexpr number most_members_shown = 1000;

/// Ids and limits are from 1.
std::optional<number> from_one(const std::string& text, number most) {
  const auto found = parley::whole_number(text, most);
  return found == 0u ? std::nullopt : found;
}

std::string type_word(number type) {
  return type == store::temporary_group ? "temporary" : type == store::normal_group ? "normal" : std::to_string(type);
}

std::string status_word(number status) {
  return status == store::live_group ? "live" : "dissolved";
}

parley::json_object described(const store::listed_group& row) {
  parley::json_object out;
  out.add("id", row.id).add("name", row.name).add("type", type_word(row.type)).add("owner", row.owner);
  out.add("members", row.members).add("version", row.version).add("status", status_word(row.status));
  out.add("created", row.created).add("updated", row.updated);
  return out;
}

}  // namespace

parley::task<> keeper::on_groups_list(parley::verb_call call) {
  const auto limit = call[1].empty() ? usually_listed : from_one(call[1], most_listed);
  if (!limit) {
    call.fail(status::malformed, "groups list: limit has to be a number from 1 to 10000; --search finds fewer");
    co_return;
  }
  // One more than asked for tells whether there are more.
  auto groups =
      co_await main_.read([&, most = *limit + 1](parley::sql& db) { return store::list_groups(db, call[0], most); });
  if (!groups) co_return call.fail("groups list", groups.failure());
  if (groups->size() > *limit) {
    groups->pop_back();
    call.progress("these are the first " + std::to_string(*limit) +
                  (*limit < most_listed ? "; --limit shows more, --search fewer" : "; --search shows fewer"));
  }
  call.answer(parley::json_array(*groups, [](const auto& row) { return described(row).str(); }));
}

parley::task<> keeper::on_groups_show(parley::verb_call call) {
  const auto id = from_one(call[0], 0xFFFFFFFF);
  if (!id) {
    call.fail(status::malformed, "groups show: a group's id is a number; `groups list --search` finds it by name");
    co_return;
  }
  const auto found =
      co_await main_.read([id = *id](parley::sql& db) { return store::show_group(db, id, most_members_shown); });
  if (!found) co_return call.fail("groups show", found.failure());
  if (!*found) {
    call.fail(status::no_target, "groups show: there is no group " + call[0] + "; `groups list` shows those there are");
    co_return;
  }
  const auto& shown = **found;
  const auto members = parley::json_array(shown.members, [](const auto& one) {
    parley::json_object member;
    member.add("user", one.user).add("name", one.name).add("since", one.since);
    return member.raw("muted", one.muted ? "true" : "false").str();
  });
  auto out = described(shown.row);
  out.add("avatar", shown.avatar).add("invitations", shown.invitations).raw("member", members);
  call.answer(out.str());
}

}  // namespace group
