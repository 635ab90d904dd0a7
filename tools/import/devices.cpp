// Whom pushes go to, and who wants none.
#include "import/group_members.hpp"
#include "import/steps.hpp"

namespace parley::teamtalk {
namespace {

using number = std::uint32_t;
constexpr number ios = 0x11, android = 0x12;
constexpr std::size_t longest_token = 256;  // bytes: of what app stores give out

struct device {
  number user = 0;
  number type = 0;
  std::string token;
};

bool printable(std::string_view token) {
  for (const char c : token) {
    if (c < 0x21 || c > 0x7e) return false;
  }
  return !token.empty() && token.size() <= longest_token;
}

/// device_<user> = kind:token. device_<token> = user says who named it last: others kept theirs when the telephone
/// changed hands.
std::vector<device> devices_of(const redis_truth& redis, std::uint64_t& left_out) {
  std::map<std::string, std::vector<device>> by_token;
  for (const auto& [name, value] : redis.devices) {
    number user = 0;
    const bool of_ios = value.starts_with("ios:"), of_android = value.starts_with("android:");
    if (!of_ios && !of_android) continue;  // empty, or the way back from a token to its user
    const auto token = value.substr(value.find(':') + 1);
    if (token.empty()) continue;
    if (!read_number(name, user) || !printable(token)) {
      ++left_out;
      continue;
    }
    by_token[token].push_back({user, of_ios ? ios : android, token});
  }
  std::vector<device> all;
  for (const auto& [token, owners] : by_token) {
    const auto back = redis.devices.find(token);
    number owner = 0;
    if (back != redis.devices.end() && read_number(back->second, owner)) {
      for (const auto& one : owners) one.user == owner ? all.push_back(one) : static_cast<void>(++left_out);
    } else if (owners.size() == 1 && back == redis.devices.end()) {
      all.push_back(owners.front());
    } else {
      left_out += owners.size();
    }
  }
  return all;
}

bool user_is_there(sql& db, number user) {
  return db.one<number>("SELECT 1 FROM IMUser WHERE id = ? AND status <> 3", {user}).has_value();
}

/// Within a transaction; how many of `users` are members, the others have nothing to mute.
std::uint64_t shield(job& work, number group, const std::set<number>& users) {
  if (!lock_group(work, group).live) return 0;
  std::set<number> members;
  work.db().each<number>("SELECT userId FROM IMGroupMember WHERE groupId = ? AND status = 0",  // its first index
                         {group}, [&](number user) {
                           if (users.contains(user)) members.insert(user);
                         });
  std::vector<sql_value> values;
  for (const auto user : members) values.insert(values.end(), {group, user, seconds_now()});
  work.db().insert_rows("INSERT INTO group_shield(group_id, user_id, updated) VALUES", "{keep:group_id,user_id}", 3,
                        values);
  return members.size();
}

}  // namespace

void take_device_tokens(job& work, const redis_truth& redis) {
  work.enter("device tokens");
  if (work.finished()) return work.out().end("was done");
  std::uint64_t left_out = 0, taken = 0;
  const auto all = devices_of(redis, left_out);
  auto& out = work.out();
  out.count("tokens", all.size());
  if (left_out) out.count("tokens of others, or none, left out", left_out);
  if (work.dry()) return out.end("to do");
  work.transaction([&] {
    taken = 0;
    for (const auto& one : all) {
      if (!user_is_there(work.db(), one.user)) continue;
      if (work.db().one<number>("SELECT 1 FROM device_token WHERE token = ?", {one.token})) continue;
      taken += static_cast<std::uint64_t>(
          work.db()
              .execute("INSERT INTO device_token(user_id, client_type, token, updated) SELECT ?, ?, ?, ? FROM "
                       "user_name_lock WHERE id = 1 AND NOT EXISTS (SELECT 1 FROM device_token WHERE user_id = ?)",
                       {one.user, one.type, one.token, seconds_now(), one.user})
              .affected);
    }
  });
  work.finish();
  out.count("taken", taken);
  out.end("done");
}

void take_push_shields(job& work, const redis_truth& redis) {
  work.enter("push shields");
  if (work.finished()) return work.out().end("was done");
  std::uint64_t all = 0;
  for (const auto& [group, users] : redis.shields) all += users.size();
  auto& out = work.out();
  out.count("members who want no push for a group", all);
  if (work.dry()) return out.end("to do");
  std::uint64_t taken = 0, groups = 0;
  for (const auto& [group, users] : redis.shields) {
    std::uint64_t here = 0;
    work.transaction([&, group = group, &users = users] { here = shield(work, group, users); });
    taken += here;
    out.progress(++groups, redis.shields.size());
  }
  work.finish();
  out.count("taken", taken);
  if (taken < all) out.count("of users who are no members, left out", all - taken);
  out.end("done");
}

}  // namespace parley::teamtalk
