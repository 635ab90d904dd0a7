// The operator's verbs, which only look: friends list, blocks list.
#include <parley/json.hpp>
#include <parley/number.hpp>

#include <optional>

#include "buddy.hpp"
#include "store_friends.hpp"

namespace buddy {
namespace {

std::optional<std::uint32_t> limit_of(const std::string& text) {
  if (text.empty()) return 1000;
  const auto limit = parley::whole_number(text, 10'000);
  return limit == 0u ? std::nullopt : limit;
}

/// What the verb found; none: nobody is called so.
template <class Rows>
using found_rows = parley::result<std::optional<Rows>>;

/// The common end.
template <class Rows, class Describe>
void answer(const parley::verb_call& call, const std::string& verb, found_rows<Rows>& found, std::uint32_t limit,
            Describe&& describe) {
  if (!found) {
    call.fail(verb, found.failure());
  } else if (!*found) {
    call.fail(parley::status::no_target, verb + ": no active user is called " + call[0] +
                                             ", and none has that id; `users list --search` finds names");
  } else {
    auto& rows = **found;
    if (rows.size() > limit) {
      rows.pop_back();
      call.progress("these are the first " + std::to_string(limit) + "; --limit shows more, 10000 at most");
    }
    call.answer(parley::json_array(rows, describe));
  }
}

void complain_of_limit(const parley::verb_call& call, const std::string& verb) {
  call.fail(parley::status::malformed, verb + ": limit has to be a number from 1 to 10000");
}

}  // namespace

parley::task<> buddy_plugin::on_friends_list(parley::verb_call call) {
  const auto limit = limit_of(call[1]);
  if (!limit) co_return complain_of_limit(call, "friends list");
  using rows = std::vector<store::named_friend>;
  auto found = co_await main_.read([&call, most = *limit + 1](parley::sql& db) -> std::optional<rows> {
    const auto user = store::find_user(db, call[0]);
    if (!user) return std::nullopt;
    return store::named_friends(db, *user, most);
  });
  answer<rows>(call, "friends list", found, *limit, [](const store::named_friend& one) {
    return parley::json_object()
        .add("id", one.id)
        .add("name", one.name)
        .add("remark", one.remark)
        .add("grouping", one.grouping)
        .add("since", one.since)
        .str();
  });
}

parley::task<> buddy_plugin::on_blocks_list(parley::verb_call call) {
  const auto limit = limit_of(call[1]);
  if (!limit) co_return complain_of_limit(call, "blocks list");
  using rows = std::vector<store::named_block>;
  auto found = co_await main_.read([&call, most = *limit + 1](parley::sql& db) -> std::optional<rows> {
    const auto user = store::find_user(db, call[0]);
    if (!user) return std::nullopt;
    return store::named_blocks(db, *user, most);
  });
  answer<rows>(call, "blocks list", found, *limit, [](const store::named_block& one) {
    return parley::json_object().add("id", one.id).add("name", one.name).add("since", one.since).str();
  });
}

}  // namespace buddy
