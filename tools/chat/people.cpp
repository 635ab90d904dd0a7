#include <algorithm>
#include <memory>
#include <parley/commands.hpp>

#include "chat/chat.hpp"

namespace parley::chat {
namespace {

constexpr std::size_t presence_batch = 500;
constexpr std::size_t names_at_login = 20;
constexpr std::size_t most_listed = 100;

}  // namespace

void chat::ask_people(std::function<void()> then) {
  IM::Buddy::IMAllUserReq request;
  request.set_user_id(me_.user_id);
  request.set_latest_update_time(people_time_);
  ask<IM::Buddy::IMAllUserRsp>(cid::buddy_list_all_user_request, request, "people", [this, then](const auto& answer) {
    more_people(answer);
    ask_presence(then);
  });
}

/// Large directories come as several PDUs. Fact: plugins/buddy/README.md.
void chat::more_people(const IM::Buddy::IMAllUserRsp& answer) {
  for (const auto& profile : answer.user_list()) directory_.add(profile);
  people_time_ = std::max(people_time_, answer.latest_update_time());
}

void chat::ask_presence(std::function<void()> then) {
  const auto ids = directory_.people();
  if (ids.empty() && then) return then();
  const auto open = std::make_shared<int>(0);
  for (std::size_t from = 0; from < ids.size(); from += presence_batch) {
    IM::Buddy::IMUsersStatReq request;
    request.set_user_id(me_.user_id);
    for (std::size_t i = from; i < std::min(ids.size(), from + presence_batch); ++i) request.add_user_id_list(ids[i]);
    ++*open;
    ask<IM::Buddy::IMUsersStatRsp>(cid::buddy_list_users_status_request, request, "who is online",
                                   [this, open, then](const auto& answer) {
                                     for (const auto& each : answer.user_stat_list()) {
                                       directory_.set_status(each.user_id(), presence_of(each.status()));
                                     }
                                     if (--*open == 0 && then) then();
                                   });
  }
}

void chat::with_profiles(const std::vector<std::uint32_t>& user_ids, std::function<void()> then) {
  IM::Buddy::IMUsersInfoReq request;
  request.set_user_id(me_.user_id);
  for (const std::uint32_t id : user_ids) {
    if (!directory_.knows({false, id})) request.add_user_id_list(id);
  }
  if (request.user_id_list().empty()) return then ? then() : void();
  ask<IM::Buddy::IMUsersInfoRsp>(cid::buddy_list_user_info_request, request, "profiles",
                                 [this, then](const auto& answer) {
                                   for (const auto& profile : answer.user_info_list()) directory_.add(profile);
                                   if (then) then();
                                 });
}

std::optional<peer> chat::the_one(const std::string& typed) {
  const auto match = directory_.find(typed);
  if (match.found.size() == 1) return match.found.front();
  const std::string shown = client::printable(typed);
  if (match.found.empty()) {
    view_.trouble(typed.starts_with('#') ? "you are in no group called " + shown + "; see /groups"
                                         : "nobody here is called " + shown + "; see /who");
    return std::nullopt;
  }
  std::string line = "more than one is meant by " + shown + ", give the number instead:";
  for (const peer& each : match.found) line += " " + directory_.name_and_id(each);
  view_.trouble(line);
  return std::nullopt;
}

void chat::with_people(std::vector<std::string> names, std::function<void(std::vector<std::uint32_t>)> then) {
  const bool strangers =
      std::ranges::any_of(names, [&](const auto& each) { return directory_.find(each).found.empty(); });
  const auto find = [this, names = std::move(names), then = std::move(then)] {
    std::vector<std::uint32_t> ids;
    for (const std::string& name : names) {
      const auto found = the_one(name);
      if (!found) return;
      if (found->group) return view_.trouble(client::printable(name) + " is a group");
      ids.push_back(found->id);
    }
    then(std::move(ids));
  };
  if (!strangers) return find();
  ask_people(find);  // perhaps they are new
}

void chat::with_person(const std::string& name, std::function<void(std::uint32_t)> then) {
  with_people({name}, [then = std::move(then)](const std::vector<std::uint32_t>& ids) { then(ids.front()); });
}

bool chat::who(words& given) {
  if (!given.empty()) return false;
  ask_people([this] {
    std::size_t offline = 0;
    for (const std::uint32_t id : directory_.people()) {
      if (directory_.online(id)) view_.plain(view_.status_mark(directory_.status(id)) + " " + phrases_.who(id));
      offline += directory_.online(id) ? 0 : 1;
    }
    if (offline > most_listed) return view_.notice(std::to_string(offline) + " more are offline");
    for (const std::uint32_t id : directory_.people()) {
      if (!directory_.online(id)) view_.plain(view_.status_mark(presence::offline) + " " + phrases_.who(id));
    }
  });
  return true;
}

void chat::show_people() {
  std::vector<std::string> online;
  const auto people = directory_.people();
  for (const std::uint32_t id : people) {
    if (id != me_.user_id && directory_.online(id)) online.push_back(directory_.name({false, id}));
  }
  std::string line = std::to_string(people.size()) + " people, " + std::to_string(online.size()) +
                     (online.size() == 1 ? " other online" : " others online");
  for (std::size_t i = 0; i < std::min(online.size(), names_at_login); ++i) line += (i == 0 ? ": " : ", ") + online[i];
  if (online.size() > names_at_login) line += " ...";
  view_.notice(line + "; /to NAME to talk, /help for more");
}

}  // namespace parley::chat
