// users import: a table of users, all or nothing as far as its contents go.
#include <parley/json.hpp>

#include <algorithm>

#include "login.hpp"
#include "parallel_hash.hpp"
#include "verbs.hpp"

namespace login {
namespace {

constexpr std::size_t users_per_batch = 500;
constexpr std::size_t faults_in_a_sentence = 10;

std::vector<std::string> names_of(const std::vector<new_user>& users) {
  std::vector<std::string> names;
  names.reserve(users.size());
  for (const auto& user : users) names.push_back(user.name);
  return names;
}

/// Takes users whose names are taken out of the list, or into its faults.
void sort_out(import_file& file, const std::unordered_map<std::string, std::uint32_t>& taken, bool skip) {
  std::erase_if(file.users, [&](const new_user& user) {
    const auto known = taken.find(user.name);
    if (known == taken.end()) return false;
    if (!skip) {
      file.faults.push_back({user.line, "user " + std::to_string(known->second) + " is called " + user.name +
                                            " already; leave the line out or give --skip-existing"});
    }
    return true;
  });
}

/// The first faults in one sentence; where there are more, all of them as lines before it.
std::string report(const parley::verb_call& call, std::vector<import_fault> faults) {
  std::stable_sort(faults.begin(), faults.end(),
                   [](const import_fault& a, const import_fault& b) { return a.line < b.line; });
  const auto text_of = [](const import_fault& fault) {
    return "line " + std::to_string(fault.line) + ": " + fault.text;
  };
  std::string text = "users import: nothing was imported, the file has to be mended first: ";
  for (std::size_t i = 0; i < std::min(faults.size(), faults_in_a_sentence); ++i) {
    text += (i ? "; " : "") + text_of(faults[i]);
  }
  if (faults.size() > faults_in_a_sentence) {
    for (const auto& fault : faults) call.progress(text_of(fault));
    text += "; and " + std::to_string(faults.size() - faults_in_a_sentence) + " more, listed above";
  }
  return text;
}

}  // namespace

parley::task<> login_plugin::on_users_import(parley::verb_call call) {
  const bool skip = call.has(1);
  auto file = co_await cpu_.run([&call] { return read_import(call[0]); });
  if (!file) co_return fail(call, "users import", file.failure());

  const auto names = names_of(file->users);
  auto taken = co_await main_.read([&names](parley::sql& db) { return store::taken(db, names); });
  if (!taken) co_return fail(call, "users import", taken.failure());
  sort_out(*file, *taken, skip);
  if (!file->faults.empty()) {
    call.fail(parley::status::malformed, report(call, std::move(file->faults)));
    co_return;
  }

  const std::size_t total = file->users.size();
  const std::size_t skipped = names.size() - total;
  std::size_t imported = 0;
  std::size_t lost = 0;  // names taken while we were at it
  for (std::size_t from = 0; from < total; from += users_per_batch) {
    std::vector<store::prepared_user> batch(std::min(users_per_batch, total - from));
    for (std::size_t i = 0; i < batch.size(); ++i) batch[i].user = std::move(file->users[from + i]);
    const std::string so_far = std::to_string(imported) + " of " + std::to_string(total) + " users are imported";
    const std::string mend = so_far + "; run it again with --skip-existing for the rest";

    parallel_hash hashing(host_edge(), "cpu", batch, settings_.effort, settings_.keep_md5);
    const auto hashed = co_await hashing;
    if (hashed != parley::status::ok) {
      const parley::error failure{hashed, "the passwords could not be hashed"};
      co_return fail(call, "users import", failure, mend);
    }
    const auto now = unix_s();
    auto added = co_await main_.write([&batch, now](parley::sql& db) { return store::add_users(db, batch, now); });
    if (!added) co_return fail(call, "users import", added.failure(), mend);

    for (const auto id : added->departments) tell_department(id, department_change_kind::created);
    for (const auto id : added->ids) {
      if (id == 0) {
        ++lost;
      } else {
        ++imported;
        tell_changed(id, user_change::created);
      }
    }
    call.progress(std::to_string(imported) + " of " + std::to_string(total) + " users imported");
  }
  call.answer(parley::json_object().add("imported", imported).add("skipped", skipped + lost).str());
}

}  // namespace login
