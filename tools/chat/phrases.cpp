#include "chat/phrases.hpp"

#include <algorithm>

#include "client/printable.hpp"

namespace parley::chat {
namespace {

constexpr std::size_t most_named = 12;

std::string as_subject(const std::string& who) {
  return who + (who == "you" ? " are" : " is");
}

}  // namespace

std::string phrases::who(std::uint32_t user_id) const {
  return user_id == me_ ? "you" : names_.name({false, user_id});
}

std::string phrases::list(std::span<const std::uint32_t> user_ids) const {
  std::vector<std::string> parts;
  for (const std::uint32_t id : user_ids.first(std::min(user_ids.size(), most_named))) parts.push_back(who(id));
  if (user_ids.size() > most_named) parts.push_back(std::to_string(user_ids.size() - most_named) + " more");
  std::string line;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (i > 0) line += i + 1 == parts.size() ? " and " : ", ";
    line += parts[i];
  }
  return line;
}

std::string phrases::members(std::uint32_t actor, bool added, std::uint32_t group_id,
                             std::span<const std::uint32_t> changed) const {
  const bool alone = changed.size() == 1 && changed.front() == actor;
  if (alone) return who(actor) + (added ? " joined " : " left ") + group(group_id);
  // Who makes a group is in it.
  std::vector<std::uint32_t> others(changed.begin(), changed.end());
  std::erase(others, actor);
  return who(actor) + (added ? " added " : " removed ") + list(others) + (added ? " to " : " from ") + group(group_id);
}

std::string phrases::owner(std::uint32_t group_id, std::uint32_t owner) const {
  return as_subject(who(owner)) + " the owner of " + group(group_id) + " now";
}

std::string phrases::renamed(std::uint32_t actor, const std::string& before, std::uint32_t group_id) const {
  return who(actor) + " renamed " + before + " to " + group(group_id);
}

std::string phrases::dissolved(std::uint32_t actor, std::uint32_t group_id) const {
  return who(actor) + " dissolved " + group(group_id);
}

std::string phrases::invitation(const parley::group::Invitation& what) const {
  const std::string text = what.text().empty() ? "" : ": " + client::printable(what.text());
  return who(what.inviter_id()) + " invites you to #" + client::printable(what.group_name()) + " (#" +
         std::to_string(what.group_id()) + ")" + text;
}

std::string phrases::status(std::uint32_t user_id) const {
  const presence status = names_.status(user_id);
  return as_subject(who(user_id)) + (status == presence::online ? " online"
                                     : status == presence::away ? " away"
                                                                : " offline");
}

}  // namespace parley::chat
