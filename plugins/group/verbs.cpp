// The operator's verbs that look: groups list, show, members.
#include <parley/json.hpp>

#include "group.hpp"
#include "verbs.hpp"

namespace group {
namespace {

/// What one answer holds: it is built on the loop.
constexpr number usually_listed = 1000;
constexpr number most_listed = 10'000;
constexpr number most_members_shown = 1000;
constexpr number usually_on_a_page = 50, most_on_a_page = 200, last_page = 10'000'000;

struct page_wish {
  std::uint64_t first = 0;
  number most = usually_on_a_page;
  const char* fault = nullptr;
};
page_wish read_page(const std::string& page, const std::string& size) {
  page_wish wish;
  const auto number_of_page = page.empty() ? 1 : from_one(page, last_page);
  const auto on_it = size.empty() ? usually_on_a_page : from_one(size, most_on_a_page);
  if (!number_of_page) return {0, 0, "page has to be a number from 1"};
  if (!on_it) return {0, 0, "size has to be a number from 1 to 200"};
  return {(std::uint64_t{*number_of_page} - 1) * *on_it, *on_it};
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

parley::json_object described(const store::listed_member& one) {
  parley::json_object out;
  out.add("user", one.user).add("name", one.name).add("since", one.since);
  return out.raw("muted", one.muted ? "true" : "false");
}

}  // namespace

parley::task<> keeper::list_page(parley::verb_call call) {
  const auto wish = read_page(call[2], call[3]);
  const bool dissolved = call[4] == "yes";
  if (wish.fault || !(call[4].empty() || dissolved || call[4] == "no")) {
    call.fail(status::malformed, std::string("groups list: ") + (wish.fault ? wish.fault : "dissolved is yes or no"));
    co_return;
  }
  const number state = dissolved ? store::dissolved_group : store::live_group;
  const auto found = co_await main_.read(
      [&](parley::sql& db) { return store::page_of_groups(db, call[0], state, wish.first, wish.most); });
  if (!found) co_return call.fail("groups list", found.failure());
  const auto items = parley::json_array(found->items, [](const auto& row) { return described(row).str(); });
  call.answer(parley::json_object().add("total", found->total).raw("items", items).str());
}

parley::task<> keeper::on_groups_list(parley::verb_call call) {
  if (call.has(2) || call.has(3) || call.has(4)) co_return co_await list_page(call);
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
  const auto members = parley::json_array(shown.members, [](const auto& one) { return described(one).str(); });
  auto out = described(shown.row);
  out.add("avatar", shown.avatar).add("invitations", shown.invitations).raw("member", members);
  call.answer(out.str());
}

parley::task<> keeper::on_groups_members(parley::verb_call call) {
  const auto id = from_one(call[0], 0xFFFFFFFF);
  const auto wish = read_page(call[1], call[2]);
  if (!id || wish.fault) {
    call.fail(status::malformed, std::string("groups members: ") + (id ? wish.fault : "a group's id is a number"));
    co_return;
  }
  const auto found = co_await main_.read([id = *id, first = wish.first, most = wish.most](parley::sql& db) {
    return store::page_of_members(db, id, first, most);
  });
  if (!found) co_return call.fail("groups members", found.failure());
  if (!*found) {
    call.fail(status::no_target,
              "groups members: there is no group " + call[0] + "; `groups list` shows those there are");
    co_return;
  }
  const auto items =
      parley::json_array((*found)->items, [](const auto& one) { return described(one).add("nick", one.nick).str(); });
  call.answer(parley::json_object().add("total", (*found)->total).raw("items", items).str());
}

}  // namespace group
