// The operator's verbs that look at users and change their profiles: pages of users list, users show, users edit.
#include <parley/json.hpp>
#include <parley/number.hpp>
#include <parley/utf8.hpp>

#include <algorithm>

#include "login.hpp"
#include "new_user.hpp"
#include "store_departments.hpp"
#include "store_people.hpp"
#include "terminal_slot.hpp"
#include "verbs.hpp"

namespace login {
namespace {

using parley::status;

constexpr std::uint32_t most_on_a_page = 200, last_page = 10'000'000;
constexpr std::size_t signature_bytes = 128;  // as buddy takes it
constexpr std::size_t search_characters = 64;

/// What `users list` asks for; or why not.
struct list_wish {
  store::person_filter filter;
  std::string department;
  std::optional<bool> online;
  store::place_in_list where;
  std::string fault;
};

std::optional<bool> yes_or_no(const std::string& text) {
  if (text == "yes") return true;
  return text == "no" ? std::optional(false) : std::nullopt;
}

list_wish read_wish(const parley::verb_call& call) {
  list_wish wish;
  wish.filter.search = call[0];
  wish.department = call[2];
  if (!parley::storable(call[0], search_characters)) wish.fault = "a search has at most 64 characters of UTF-8";
  if (!call[3].empty()) {
    const auto disabled = yes_or_no(call[3]);
    if (!disabled) wish.fault = "disabled is yes or no";
    using state = store::person_filter::state;
    wish.filter.is = disabled.value_or(false) ? state::disabled : state::active;
  }
  if (!call[4].empty() && !(wish.online = yes_or_no(call[4]))) wish.fault = "online is yes or no";
  const auto page = call[5].empty() ? 1 : parley::whole_number(call[5], last_page);
  const auto size = call[6].empty() ? wish.where.most : parley::whole_number(call[6], most_on_a_page);
  if (page.value_or(0) == 0) wish.fault = "page has to be a number from 1";
  if (size.value_or(0) == 0) wish.fault = "size has to be a number from 1 to 200";
  if (wish.fault.empty()) wish.where = {(std::uint64_t{*page} - 1) * *size, *size};
  return wish;
}

/// The arguments of `users edit`; what is wrong with them, if anything.
std::string read_change(const parley::verb_call& call, store::profile_change& to) {
  const auto text = [&](std::size_t at, std::optional<std::string>& into) {
    if (call.has(at)) into = call[at];
  };
  text(1, to.nick);
  text(4, to.email);
  text(5, to.phone);
  text(6, to.signature);
  text(7, to.avatar);
  std::string fault;
  const auto check = [&](std::string_view what, const std::optional<std::string>& one, std::size_t most) {
    if (fault.empty() && one) fault = fault_of_text(what, *one, most);
  };
  check("nick", to.nick, 32);
  check("e-mail address", to.email, 64);
  check("telephone number", to.phone, 11);
  check("avatar", to.avatar, 255);
  if (fault.empty() && to.signature &&
      (to.signature->size() > signature_bytes || !parley::storable_characters(*to.signature))) {
    fault = "a signature has at most 128 bytes of UTF-8";
  }
  if (call.has(2) && !(to.sex = parley::whole_number(call[2], 2)) && fault.empty()) {
    fault = "the sex is 1 (male), 2 (female) or 0";
  }
  if (fault.empty() && !to.nick && !to.email && !to.phone && !to.signature && !to.avatar && !to.sex && !call.has(3)) {
    fault = "nothing is to be changed; give --nick, --sex, --department, --email, --phone, --signature or --avatar";
  }
  return fault;
}

std::uint32_t department_of(parley::sql& db, const std::string& text) {
  if (text.empty() || text == "0") return 0;
  const auto found = store::department_called(db, text);
  if (!found) {
    throw parley::sql_error(status::no_target,
                            "there is no department " + text + "; `departments list` shows those there are");
  }
  return *found;
}

}  // namespace

std::string login_plugin::described(const store::person& one) const {
  const auto terminals = parley::json_array(sessions().terminals(one.id), [&](const parley::terminal& terminal) {
    const auto slot = sessions().slot(terminal.session);
    const auto from = slot ? restored(slot->first, slot->second) : std::nullopt;
    return parley::json_object()
        .add("session", terminal.session)
        .add("tag", terminal.tag)
        .add("type", terminal_word(terminal.tag, from && from->web))
        .add("address", from ? from->address : "")
        .add("since", from ? from->since : 0)
        .str();
  });
  return parley::json_object()
      .add("id", one.id)
      .add("name", one.name)
      .add("nick", one.nick)
      .add("sex", one.sex)
      .add("department", one.department)
      .add("department_name", one.department_name)
      .add("email", one.email)
      .add("phone", one.phone)
      .add("signature", one.signature)
      .add("avatar", one.avatar)
      .raw("disabled", one.status == 0 ? "false" : "true")
      .add("algorithm", one.algorithm)
      .add("created", one.created)
      .add("updated", one.updated)
      .raw("terminals", terminals)
      .str();
}

parley::task<> login_plugin::list_page(parley::verb_call call) {
  auto wish = read_wish(call);
  if (!wish.fault.empty()) {
    call.fail(status::malformed, "users list: " + wish.fault);
    co_return;
  }
  std::vector<std::uint32_t> online;
  if (wish.online) {
    for (const auto user : sessions().everyone_online()) online.push_back(static_cast<std::uint32_t>(user));
    std::sort(online.begin(), online.end());
  }
  auto found = co_await main_.read([&](parley::sql& db) {
    if (!wish.department.empty()) wish.filter.department = department_of(db, wish.department);
    return wish.online ? store::find_people_online(db, wish.filter, wish.where, online, *wish.online)
                       : store::find_people(db, wish.filter, wish.where);
  });
  if (!found) co_return fail(call, "users list", found.failure());
  call.answer(parley::json_object()
                  .add("total", found->total)
                  .raw("items", parley::json_array(found->items, [&](const auto& one) { return described(one); }))
                  .str());
}

parley::task<> login_plugin::on_users_show(parley::verb_call call) {
  auto found =
      co_await main_.read([&](parley::sql& db) { return store::find_person(db, store::person_id(db, call[0])); });
  if (!found) co_return fail(call, "users show", found.failure());
  if (!*found) {
    call.fail(status::no_target,
              "users show: nobody is called " + call[0] + ", and none has that id; `users list --search` finds names");
    co_return;
  }
  call.answer(described(**found));
}

parley::task<> login_plugin::on_users_edit(parley::verb_call call) {
  const auto id = parley::whole_number(call[0]);
  store::profile_change to;
  std::string wrong = id ? read_change(call, to) : "a user's id is a number; `users show NAME` tells it";
  if (!wrong.empty()) {
    call.fail(status::malformed, "users edit: " + wrong);
    co_return;
  }
  const auto now = unix_s();
  std::optional<store::person> after;
  auto done = co_await main_.write([&, now](parley::sql& db) {
    if (call.has(3)) to.department = department_of(db, call[3]);
    if (to.nick && to.nick->empty()) {
      if (const auto before = store::find_person(db, *id)) to.nick = before->name;
    }
    const auto changed = store::change_profile(db, *id, to, now);
    if (changed.found) after = store::find_person(db, *id);
    return changed;
  });
  if (!done) co_return fail(call, "users edit", done.failure());
  if (!done->found || !after) {
    call.fail(status::no_target, "users edit: there is no user " + call[0] + "; `users list --search` finds names");
    co_return;
  }
  if (done->rest) tell_changed(*id, user_change::profile);
  if ((done->signature || done->avatar) && events().heard("user.changed")) {
    publish("user.changed", texts_changed(*id, done->signature ? &after->signature : nullptr,
                                          done->avatar ? &after->avatar : nullptr, now));
  }
  call.answer(described(*after));
}

}  // namespace login
