// The operator's verbs: admins.
#include <parley/json.hpp>

#include "admin_name.hpp"
#include "http_admin.hpp"

namespace http_admin {
namespace {

using parley::status;

constexpr std::size_t most_admins = 1000;
constexpr char numbers[] = "0123456789";

/// The first line of a file.
std::string line_of(const std::string& file) {
  return file.substr(0, file.find_first_of("\r\n"));
}

struct chosen {
  std::string plain;
  bool made = false;  // by us: it has to be told
};
chosen password_of(const parley::verb_call& call, std::size_t given, std::size_t file) {
  if (call.has(given)) return {call[given], false};
  if (call.has(file)) return {line_of(call[file]), false};
  return {new_password(), true};
}

}  // namespace

std::string http_admin_plugin::described(const store::admin& row) const {
  return parley::json_object()
      .add("id", row.id)
      .add("name", row.name)
      .add("role", to_string(row.may))
      .raw("disabled", row.disabled ? "true" : "false")
      .raw("locked", lockout_.locked(row.name, now_ms()) ? "true" : "false")
      .add("created", row.created)
      .add("updated", row.updated)
      .add("last_login", row.last_login)
      .str();
}

parley::task<parley::result<std::optional<store::admin>>> http_admin_plugin::admin_called(std::string name) {
  co_return co_await main_.read([&name](parley::sql& db) {
    if (name.find_first_not_of(numbers) == name.npos && name.size() < 10)
      return store::find_admin(db, static_cast<store::number>(std::stoul("0" + name)));
    return store::find_admin(db, name);
  });
}

// admins add NAME [--role] [--password] [--password-file]
parley::task<> http_admin_plugin::on_admins_add(parley::verb_call call) {
  const auto may = call.has(1) ? role_named(call[1]) : std::optional(role::admin);
  const auto password = password_of(call, 2, 3);
  const std::string_view fault = !is_admin_name(call[0]) ? "a name has 1 to 64 of a-z A-Z 0-9 . _ @ -, and is no number"
                                 : !may                  ? "--role takes viewer, operator or admin"
                                                         : fault_of_password(password.plain);
  if (!fault.empty()) {
    call.fail(status::malformed, "admins add: " + std::string(fault));
    co_return;
  }
  const auto hash = co_await cpu_.run([&] { return password_hash(password.plain, effort_); });
  if (!hash) co_return call.fail("admins add", hash.failure());
  store::admin row;
  row.name = call[0];
  row.may = *may;
  row.password = *hash;
  row.created = unix_s();
  const auto id = co_await main_.write([&row](parley::sql& db) { return store::add_admin(db, row); });
  if (!id) co_return call.fail("admins add", id.failure());
  if (*id == 0) {
    call.fail(status::conflict, "admins add: there is an admin of that name; `admins list` shows them");
    co_return;
  }
  auto out = parley::json_object().add("id", *id).add("name", row.name).add("role", to_string(row.may));
  if (password.made) call.progress("keep the password: it is shown this once, and only its hash is stored");
  if (password.made) out.add("password", password.plain);
  call.answer(out.str());
}

parley::task<> http_admin_plugin::on_admins_list(parley::verb_call call) {
  const auto all = co_await main_.read([](parley::sql& db) { return store::list_admins(db, most_admins); });
  if (!all) co_return call.fail("admins list", all.failure());
  call.answer(parley::json_array(*all, [this](const store::admin& each) { return described(each); }));
}

/// `shown`: a password that has to be told, or empty.
parley::task<> http_admin_plugin::edit(parley::verb_call call, const char* verb, store::admin_change change,
                                       std::string shown) {
  const auto who = co_await admin_called(call[0]);
  if (!who) co_return call.fail(verb, who.failure());
  auto end = store::edit_end::unknown;
  if (*who) {
    const auto done = co_await main_.write(
        [&, id = (*who)->id, now = unix_s()](parley::sql& db) { return store::edit_admin(db, id, change, now); });
    if (!done) co_return call.fail(verb, done.failure());
    end = *done;
  }
  if (end == store::edit_end::unknown) {
    call.fail(status::no_target, std::string(verb) + ": there is no admin " + call[0] + "; `admins list` shows them");
  } else if (end == store::edit_end::last) {
    call.fail(status::conflict,
              std::string(verb) + ": nobody else who is enabled has the role admin; make another first");
  } else {
    auto row = **who;
    row.may = change.may.value_or(row.may);
    row.disabled = change.disabled.value_or(row.disabled);
    row.updated = unix_s();
    auto out = described(row);
    if (!shown.empty()) out.insert(out.size() - 1, ",\"password\":" + parley::json_text(shown));
    call.answer(out);
  }
}

// admins edit NAME [--role] [--password] [--disabled]
parley::task<> http_admin_plugin::on_admins_edit(parley::verb_call call) {
  store::admin_change change;
  if (call.has(1)) change.may = role_named(call[1]);
  if (call.has(3)) change.disabled = call[3] == "yes";
  std::string_view fault;
  if (call.has(1) && !change.may) {
    fault = "--role takes viewer, operator or admin";
  } else if (call.has(3) && call[3] != "yes" && call[3] != "no") {
    fault = "--disabled takes yes or no";
  } else if (call.has(2)) {
    fault = fault_of_password(call[2]);
  } else if (!call.has(1) && !call.has(3)) {
    fault = "there is nothing to change";
  }
  if (!fault.empty()) {
    call.fail(status::malformed, "admins edit: " + std::string(fault));
    co_return;
  }
  if (call.has(2)) {
    const auto hash = co_await cpu_.run([&] { return password_hash(call[2], effort_); });
    if (!hash) co_return call.fail("admins edit", hash.failure());
    change.password = *hash;
  }
  co_await edit(call, "admins edit", change, "");
}

// admins passwd NAME [--password] [--password-file]
parley::task<> http_admin_plugin::on_admins_passwd(parley::verb_call call) {
  const auto password = password_of(call, 1, 2);
  if (const auto fault = fault_of_password(password.plain); !fault.empty()) {
    call.fail(status::malformed, "admins passwd: " + std::string(fault));
    co_return;
  }
  const auto hash = co_await cpu_.run([&] { return password_hash(password.plain, effort_); });
  if (!hash) co_return call.fail("admins passwd", hash.failure());
  lockout_.unlock(call[0]);
  const store::admin_change change{{}, *hash, {}, {}};
  const std::string shown = password.made ? password.plain : std::string();  // named: see run() of rest.cpp
  co_await edit(call, "admins passwd", change, shown);
}

parley::task<> http_admin_plugin::on_admins_disable(parley::verb_call call) {
  const store::admin_change change{{}, {}, true, {}};
  co_await edit(call, "admins disable", change, "");
}

parley::task<> http_admin_plugin::on_admins_enable(parley::verb_call call) {
  const store::admin_change change{{}, {}, false, {}};
  co_await edit(call, "admins enable", change, "");
}

parley::task<> http_admin_plugin::on_admins_remove(parley::verb_call call) {
  const auto who = co_await admin_called(call[0]);
  if (!who) co_return call.fail("admins remove", who.failure());
  auto end = store::edit_end::unknown;
  if (*who) {
    const auto done = co_await main_.write([id = (*who)->id](parley::sql& db) { return store::remove_admin(db, id); });
    if (!done) co_return call.fail("admins remove", done.failure());
    end = *done;
  }
  if (end == store::edit_end::unknown) {
    call.fail(status::no_target, "admins remove: there is no admin " + call[0] + "; `admins list` shows them");
  } else if (end == store::edit_end::last) {
    call.fail(status::conflict, "admins remove: nobody else who is enabled has the role admin; make another first");
  } else {
    call.answer(parley::json_object().add("removed", (*who)->name).str());
  }
}

parley::task<> http_admin_plugin::on_admins_unlock(parley::verb_call call) {
  const auto who = co_await admin_called(call[0]);
  if (!who) co_return call.fail("admins unlock", who.failure());
  if (!*who) {
    call.fail(status::no_target, "admins unlock: there is no admin " + call[0] + "; `admins list` shows them");
    co_return;
  }
  const bool any = lockout_.unlock((*who)->name);
  call.answer(parley::json_object().add("name", (*who)->name).raw("unlocked", any ? "true" : "false").str());
}

}  // namespace http_admin
