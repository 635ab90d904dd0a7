// Everybody is told what changed in the directory (0x0A50), so that nobody has to log in again to see it.
#include "news.hpp"

#include <parley/commands.hpp>

#include <algorithm>
#include <utility>

#include "buddy.hpp"

namespace buddy {
namespace {

// An operator's program may change many one after the other: beyond so many at once everybody hears of them together.
constexpr std::uint64_t told_every_ms = 1000, at_once = 20;

}  // namespace

void directory_news::note(std::set<std::uint32_t>& ids, std::uint32_t id) {
  if (id == 0 || ids.contains(id)) return;
  if (ids.size() < most) {
    ids.insert(id);
  } else {
    more_ = true;
  }
}

parley::directory::IMDirectoryChangedNotify directory_news::take() {
  const auto notify = [this] {
    parley::directory::IMDirectoryChangedNotify out;
    out.mutable_user_id()->Add(users_.begin(), users_.end());
    out.mutable_department_id()->Add(departments_.begin(), departments_.end());
    if (more_) out.set_more(true);
    return out;
  }();
  users_.clear();
  departments_.clear();
  more_ = false;
  return notify;
}

/// Signatures and avatars are told by route, to those who see them.
void buddy_plugin::on_user_changed(const user_change& change) {
  // One of all nodes tells everybody.
  if (!change.of_directory() || !responsible_for(change.user())) return;
  news_.user(change.user());
  tell_soon();
}

void buddy_plugin::on_department_changed(const department_change& change) {
  if (!responsible_for(change.department())) return;
  news_.department(change.department());
  tell_soon();
}

void buddy_plugin::tell_soon() {
  if (std::exchange(waiting_, true)) return;
  const auto now = now_ms(), paid = now + at_once * told_every_ms;
  clock_.emplace(host_edge(), owed_until_ms_ > paid ? owed_until_ms_ - paid : 0, 0, [this] { tell_news(); });
}

void buddy_plugin::tell_news() {
  waiting_ = false;
  if (news_.empty()) return;
  owed_until_ms_ = std::max(owed_until_ms_, now_ms()) + told_every_ms;
  const auto notify = news_.take();
  sessions().push_users(sessions().everyone_online(), parley::cid::directory_changed_notify, notify, {.min_level = 1});
}

/// Nothing is handed over: while this generation serves it can still be told.
std::string buddy_plugin::save_state() {
  tell_news();
  return {};
}

parley::status buddy_plugin::restore_state(std::uint32_t, std::string_view) {
  return parley::status::ok;
}

}  // namespace buddy
