// The operator's verbs for departments.
#include <parley/json.hpp>
#include <parley/number.hpp>

#include <algorithm>

#include "login.hpp"
#include "new_user.hpp"
#include "store_departments.hpp"
#include "text.hpp"
#include "verbs.hpp"

namespace login {
namespace {

using parley::status;

constexpr std::size_t name_characters = 64;

std::string department_json(const store::department_row& one) {
  return parley::json_object()
      .add("id", one.id)
      .add("name", one.name)
      .add("parent", one.parent)
      .add("priority", one.priority)
      .add("users", one.users)
      .add("created", one.created)
      .add("updated", one.updated)
      .str();
}

/// Name, parent and priority, which stand beside each other; what is wrong with them, if anything.
std::string read_change(const parley::verb_call& call, std::size_t at, store::department_change& to) {
  if (call.has(at)) {
    to.name = std::string(trimmed(call[at]));
    if (to.name->empty()) return "the name is empty";
    if (const auto fault = fault_of_text("name", *to.name, name_characters); !fault.empty()) return fault;
    const bool digits = std::all_of(to.name->begin(), to.name->end(), [](char c) { return c >= '0' && c <= '9'; });
    if (digits) return "a name of digits would be taken for an id";
  }
  if (!call[at + 1].empty() && !(to.parent = parley::whole_number(call[at + 1]))) return "parent is a department's id";
  if (!call[at + 2].empty() && !(to.priority = parley::whole_number(call[at + 2]))) {
    return "priority is a number from 0";
  }
  return {};
}

/// Ids are from 1.
std::optional<std::uint32_t> id_of(const parley::verb_call& call) {
  const auto id = parley::whole_number(call[0]);
  return id == 0u ? std::nullopt : id;
}

constexpr char id_fault[] = "a department's id is a number; `departments list` shows it";

}  // namespace

parley::task<> login_plugin::on_departments_list(parley::verb_call call) {
  const auto found = co_await main_.read([](parley::sql& db) { return store::list_departments(db); });
  if (!found) co_return fail(call, "departments list", found.failure());
  call.answer(parley::json_array(*found, department_json));
}

parley::task<> login_plugin::on_departments_add(parley::verb_call call) {
  store::department_change to;
  if (const auto wrong = read_change(call, 0, to); !wrong.empty()) {
    call.fail(status::malformed, "departments add: " + wrong);
    co_return;
  }
  const auto now = unix_s();
  const auto id = co_await main_.write([&, now](parley::sql& db) {
    return store::add_department(db, *to.name, to.parent.value_or(0), to.priority.value_or(0), now);
  });
  if (!id) co_return fail(call, "departments add", id.failure());
  tell_department(*id, department_change_kind::created);
  call.answer(parley::json_object().add("id", *id).add("name", *to.name).str());
}

parley::task<> login_plugin::on_departments_edit(parley::verb_call call) {
  const auto id = id_of(call);
  store::department_change to;
  std::string wrong = id ? read_change(call, 1, to) : id_fault;
  if (wrong.empty() && !to.name && !to.parent && !to.priority) {
    wrong = "nothing is to be changed; give --name, --parent or --priority";
  }
  if (!wrong.empty()) {
    call.fail(status::malformed, "departments edit: " + wrong);
    co_return;
  }
  const auto now = unix_s();
  bool changed = false;
  const auto after = co_await main_.write([&, now](parley::sql& db) {
    changed = store::change_department(db, *id, to, now);
    return store::list_departments(db, *id);
  });
  if (!after) co_return fail(call, "departments edit", after.failure());
  if (changed) tell_department(*id, department_change_kind::changed);
  if (after->empty()) {
    call.fail(status::no_target, "departments edit: department " + call[0] + " was removed meanwhile");
    co_return;
  }
  call.answer(department_json(after->front()));
}

parley::task<> login_plugin::on_departments_remove(parley::verb_call call) {
  const auto id = id_of(call);
  if (!id) {
    call.fail(status::malformed, std::string("departments remove: ") + id_fault);
    co_return;
  }
  const auto now = unix_s();
  const auto done = co_await main_.write([&, now](parley::sql& db) { store::remove_department(db, *id, now); });
  if (!done) co_return fail(call, "departments remove", done.failure());
  tell_department(*id, department_change_kind::removed);
  call.answer(parley::json_object().add("id", *id).str());
}

}  // namespace login
