// The operator's verbs: users add, passwd, disable, enable, list.
#include <parley/json.hpp>
#include <parley/number.hpp>

#include <algorithm>
#include <optional>

#include "login.hpp"
#include "verbs.hpp"

namespace login {
namespace {

std::string status_word(std::uint32_t status) {
  static constexpr std::string_view words[] = {"active", "probation", "regular", "disabled", "intern"};
  return status < std::size(words) ? std::string(words[status]) : std::to_string(status);
}

std::string client_word(std::uint32_t client_type) {
  switch (client_type) {
    case IM::BaseDefine::CLIENT_TYPE_WINDOWS:
      return "windows";
    case IM::BaseDefine::CLIENT_TYPE_MAC:
      return "mac";
    case IM::BaseDefine::CLIENT_TYPE_IOS:
      return "ios";
    case IM::BaseDefine::CLIENT_TYPE_ANDROID:
      return "android";
    default:
      return std::to_string(client_type);
  }
}

std::string online_words(const parley::sessions& sessions, std::uint32_t user) {
  std::string words;
  for (const auto& terminal : sessions.terminals(user))
    words += (words.empty() ? "" : ", ") + client_word(terminal.tag);
  return words;
}

/// What one answer holds when nobody says otherwise: it is built on the loop.
constexpr std::uint32_t usually_listed = 1000;

std::optional<std::uint32_t> limit_of(const std::string& text) {
  if (text.empty()) return usually_listed;
  const auto limit = parley::whole_number(text, 1'000'000);
  return limit == 0u ? std::nullopt : limit;
}

std::string nobody_called(const std::string& name) {
  return "no active user is called " + name + "; `users list --search` finds names";
}

}  // namespace

parley::task<> login_plugin::on_users_add(parley::verb_call call) {
  store::prepared_user made;
  made.user = {call[0], {}, call[2], call[3], call[4], call[5], 0};
  std::string wrong = fault_of(made.user);
  if (wrong.empty()) wrong = fault_of_password(call[1]);
  if (!wrong.empty()) {
    call.fail(parley::status::malformed, "users add: " + wrong);
    co_return;
  }
  made.user.secret = secret_of(call[1]);
  auto secret =
      co_await cpu_.run([&made, s = settings_] { return store_form(made.user.secret, s.effort, s.keep_md5); });
  if (!secret) co_return fail(call, "users add", secret.failure());
  made.secret = *secret;

  const auto now = unix_s();
  auto ids = co_await main_.write([&made, now](parley::sql& db) { return store::add_users(db, {&made, 1}, now); });
  if (!ids) co_return fail(call, "users add", ids.failure());
  const std::uint32_t id = ids->front();
  if (id == 0) {
    call.fail(parley::status::conflict, "users add: an active user is called " + made.user.name +
                                            " already; take another name, or `users disable` that one first");
    co_return;
  }
  tell_changed(id, user_change::created);
  call.answer(parley::json_object().add("id", id).add("name", made.user.name).str());
}

parley::task<> login_plugin::on_users_passwd(parley::verb_call call) {
  const std::string& name = call[0];
  if (const auto wrong = fault_of_password(call[1]); !wrong.empty()) {
    call.fail(parley::status::malformed, "users passwd: " + wrong);
    co_return;
  }
  const std::string password = secret_of(call[1]);
  auto secret = co_await cpu_.run([&password, s = settings_] { return store_form(password, s.effort, s.keep_md5); });
  if (!secret) co_return fail(call, "users passwd", secret.failure());

  const auto now = unix_s();
  auto id = co_await main_.write([&, now](parley::sql& db) {
    const auto user = store::find_account(db, name);
    if (user) store::set_secret(db, user->id, *secret, now);
    return user ? user->id : 0;
  });
  if (!id) co_return fail(call, "users passwd", id.failure());
  if (*id == 0) {
    call.fail(parley::status::no_target, "users passwd: " + nobody_called(name));
    co_return;
  }
  tell_changed(*id, user_change::credential);
  call.answer(parley::json_object().add("id", *id).add("name", name).str());
}

parley::task<> login_plugin::on_users_disable(parley::verb_call call) {
  const std::string& name = call[0];
  const auto now = unix_s();
  auto ids = co_await main_.write([&, now](parley::sql& db) { return store::disable(db, name, now); });
  if (!ids) co_return fail(call, "users disable", ids.failure());
  if (ids->empty()) {
    call.fail(parley::status::no_target, "users disable: " + nobody_called(name));
    co_return;
  }
  std::size_t ended = 0;
  for (const auto id : *ids) {
    verifier_.bar(id);
    ended += sessions().terminals(id).size();
    end_terminals(id, std::nullopt, IM::BaseDefine::KICK_REASON_DUPLICATE_USER);
    tell_changed(id, user_change::status);
  }
  call.answer(parley::json_object().add("id", ids->front()).add("name", name).add("terminals_ended", ended).str());
}

parley::task<> login_plugin::on_users_enable(parley::verb_call call) {
  const std::string& name = call[0];
  const auto now = unix_s();
  auto done = co_await main_.write([&, now](parley::sql& db) { return store::enable(db, name, now); });
  if (!done) co_return fail(call, "users enable", done.failure());
  if (done->active) {
    call.fail(parley::status::conflict, "users enable: user " + std::to_string(done->active) + " is active as " + name +
                                            (done->id ? "; two cannot share a name" : " already"));
  } else if (!done->id) {
    call.fail(parley::status::no_target, "users enable: nobody was ever called " + name + "; `users add` makes a user");
  } else {
    verifier_.unbar(done->id);
    tell_changed(done->id, user_change::status);
    call.answer(parley::json_object().add("id", done->id).add("name", name).str());
  }
}

parley::task<> login_plugin::on_users_list(parley::verb_call call) {
  const auto limit = limit_of(call[1]);
  if (!limit) {
    call.fail(parley::status::malformed, "users list: limit has to be a number from 1 to 1000000");
    co_return;
  }
  // One more than asked for tells whether there are more.
  auto users =
      co_await main_.read([&call, most = *limit + 1](parley::sql& db) { return store::list_users(db, call[0], most); });
  if (!users) co_return fail(call, "users list", users.failure());
  if (users->size() > *limit) {
    users->pop_back();
    call.progress("these are the first " + std::to_string(*limit) + "; --limit shows more, --search fewer");
  }
  call.answer(parley::json_array(*users, [&](const auto& user) {
    parley::json_object row;
    row.add("id", user.id).add("name", user.name).add("nick", user.nick).add("department", user.department);
    row.add("status", status_word(user.status)).add("algorithm", user.algorithm);
    row.add("online", online_words(sessions(), user.id));
    return row.str();
  }));
}

}  // namespace login
