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

void directory::add(const IM::BaseDefine::UserInfo& profile) {
  person& who = people_[profile.user_id()];
  who.name = client::printable(profile.user_real_name());
  who.nickname = client::printable(profile.user_nick_name());
  who.left = profile.status() == 3;
  if (who.name.empty()) who.name = who.nickname;
}

void directory::add(const IM::BaseDefine::GroupInfo& group) {
  groups_[group.group_id()] = client::printable(group.group_name());
}

void directory::set_online(std::uint32_t user_id, bool online) {
  if (const auto found = people_.find(user_id); found != people_.end()) found->second.online = online;
}

directory::match directory::find(std::string_view typed) const {
  const bool group = typed.starts_with('#');
  const std::string wanted = folded(typed.substr(group ? 1 : 0));
  match exact;
  match begins;
  if (wanted.empty()) return exact;
  const auto consider = [&](std::string_view name, const peer& who) {
    const std::string candidate = folded(name);
    if (candidate == wanted && (exact.found.empty() || exact.found.back() != who)) exact.found.push_back(who);
    if (candidate.starts_with(wanted) && (begins.found.empty() || begins.found.back() != who))
      begins.found.push_back(who);
  };
  if (group) {
    for (const auto& [id, name] : groups_) consider(name, {true, id});
  } else {
    for (const auto& [id, who] : people_) {
      if (who.left) continue;
      consider(who.name, {false, id});
      consider(who.nickname, {false, id});
    }
  }
  if (!exact.found.empty()) return exact;
  const auto id = number(wanted);
  if (id && (group || people_.contains(*id))) return {{peer{group, *id}}};
  return begins;
}

bool directory::knows(const peer& who) const {
  return who.group ? groups_.contains(who.id) : people_.contains(who.id);
}

std::string directory::name(const peer& who) const {
  if (who.group) {
    const auto found = groups_.find(who.id);
    return "#" + (found == groups_.end() ? std::to_string(who.id) : found->second);
  }
  const auto found = people_.find(who.id);
  return found == people_.end() ? "user " + std::to_string(who.id) : found->second.name;
}

bool directory::online(std::uint32_t user_id) const {
  const auto found = people_.find(user_id);
  return found != people_.end() && found->second.online;
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
  for (const auto& [id, name] : groups_) all.push_back("#" + name);
  return all;
}

}  // namespace parley::chat
