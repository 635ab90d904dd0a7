#include "chat/directory.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

#include "client/printable.hpp"

namespace parley::chat {
namespace {

std::string folded(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  return out;
}

std::optional<std::uint32_t> number(std::string_view text) {
  std::uint32_t value = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || failed != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

}  // namespace

presence presence_of(IM::BaseDefine::UserStatType status) {
  if (status == IM::BaseDefine::USER_STATUS_ONLINE) return presence::online;
  return status == IM::BaseDefine::USER_STATUS_LEAVE ? presence::away : presence::offline;
}

void directory::add(const IM::BaseDefine::UserInfo& profile) {
  person& who = people_[profile.user_id()];
  who.name = client::printable(profile.user_real_name());
  who.nickname = client::printable(profile.user_nick_name());
  who.left = profile.status() == 3;
  if (who.name.empty()) who.name = who.nickname;
}

void directory::add(const IM::BaseDefine::GroupInfo& info) {
  groups_[info.group_id()] = {client::printable(info.group_name()), info.group_creator_id(),
                              static_cast<std::size_t>(info.group_member_list_size()), false};
}

void directory::add(const parley::group::MyGroup& info) {
  groups_[info.group_id()] = {client::printable(info.name()), info.owner_id(), info.member_count(), false};
}

void directory::leave(std::uint32_t group_id) {
  if (const auto found = groups_.find(group_id); found != groups_.end()) found->second.left = true;
}

void directory::set_owner(std::uint32_t group_id, std::uint32_t user_id) {
  if (const auto found = groups_.find(group_id); found != groups_.end()) found->second.owner = user_id;
}

void directory::rename(std::uint32_t group_id, std::string_view name) {
  if (const auto found = groups_.find(group_id); found != groups_.end()) found->second.name = client::printable(name);
}

void directory::set_status(std::uint32_t user_id, presence status) {
  if (const auto found = people_.find(user_id); found != people_.end()) found->second.status = status;
}

directory::match directory::find(std::string_view typed) const {
  const bool among_groups = typed.starts_with('#');
  const std::string wanted = folded(typed.substr(among_groups ? 1 : 0));
  match exact;
  match begins;
  if (wanted.empty()) return exact;
  const auto consider = [&](std::string_view name, const peer& who) {
    const std::string candidate = folded(name);
    if (candidate == wanted && (exact.found.empty() || exact.found.back() != who)) exact.found.push_back(who);
    if (candidate.starts_with(wanted) && (begins.found.empty() || begins.found.back() != who))
      begins.found.push_back(who);
  };
  const auto id = number(wanted);
  if (among_groups && id && is_in(*id)) return {{peer{true, *id}}};
  if (among_groups) {
    for (const auto& [group_id, each] : groups_) {
      if (!each.left) consider(each.name, {true, group_id});
    }
  } else {
    for (const auto& [user_id, who] : people_) {
      if (who.left) continue;
      consider(who.name, {false, user_id});
      consider(who.nickname, {false, user_id});
    }
  }
  if (!exact.found.empty()) return exact;
  if (id && !among_groups && people_.contains(*id)) return {{peer{false, *id}}};
  return begins;
}

bool directory::knows(const peer& who) const {
  return who.group ? groups_.contains(who.id) : people_.contains(who.id);
}

std::string directory::name(const peer& who) const {
  if (who.group) {
    const auto found = groups_.find(who.id);
    return "#" + (found == groups_.end() ? std::to_string(who.id) : found->second.name);
  }
  const auto found = people_.find(who.id);
  return found == people_.end() ? "user " + std::to_string(who.id) : found->second.name;
}

std::string directory::name_and_id(const peer& who) const {
  return name(who) + (who.group ? " (#" : " (") + std::to_string(who.id) + ")";
}

presence directory::status(std::uint32_t user_id) const {
  const auto found = people_.find(user_id);
  return found == people_.end() ? presence::offline : found->second.status;
}

std::vector<std::uint32_t> directory::groups() const {
  std::vector<std::uint32_t> ids;
  for (const auto& [id, each] : groups_) {
    if (!each.left) ids.push_back(id);
  }
  return ids;
}

bool directory::is_in(std::uint32_t group_id) const {
  const auto found = groups_.find(group_id);
  return found != groups_.end() && !found->second.left;
}

const directory::group& directory::group_at(std::uint32_t group_id) const {
  static const group unknown;
  const auto found = groups_.find(group_id);
  return found == groups_.end() ? unknown : found->second;
}

std::vector<std::uint32_t> directory::people() const {
  std::vector<std::uint32_t> ids;
  for (const auto& [id, who] : people_) {
    if (!who.left) ids.push_back(id);
  }
  std::ranges::sort(ids, {}, [&](std::uint32_t id) { return std::string_view(people_.at(id).name); });
  return ids;
}

std::vector<std::string> directory::names() const {
  std::vector<std::string> all;
  for (const auto& [id, who] : people_) {
    if (!who.left) all.push_back(who.name);
  }
  for (const auto& [id, each] : groups_) {
    if (!each.left) all.push_back("#" + each.name);
  }
  return all;
}

}  // namespace parley::chat
