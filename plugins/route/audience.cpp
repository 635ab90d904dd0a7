#include "audience.hpp"

#include <map>
#include <unordered_map>

namespace route {

std::vector<std::uint64_t> audience(std::uint32_t user, const store::relations& known,
                                    std::span<const std::uint64_t> everyone) {
  std::vector<std::uint64_t> out;
  const auto blocked = known.blocked.find(user);
  const auto add = [&](std::uint64_t other) {
    const bool hidden = other == user ||
                        (blocked != known.blocked.end() && blocked->second.contains(static_cast<std::uint32_t>(other)));
    if (!hidden) out.push_back(other);
  };
  if (!everyone.empty()) {
    for (const auto other : everyone) add(other);
  } else if (const auto found = known.peers.find(user); found != known.peers.end()) {
    for (const auto other : found->second) add(other);
  }
  return out;
}

std::vector<readers> by_news(std::span<const std::vector<std::uint64_t>> audiences,
                             const std::function<bool(std::uint64_t user)>& there) {
  std::unordered_map<std::uint64_t, std::vector<std::uint32_t>> of_user;
  for (std::uint32_t i = 0; i < audiences.size(); ++i) {
    for (const auto user : audiences[i]) {
      const auto found = of_user.find(user);
      if (found != of_user.end()) {
        found->second.push_back(i);
      } else if (there(user)) {
        of_user[user] = {i};
      }
    }
  }
  std::map<std::vector<std::uint32_t>, std::vector<std::uint64_t>> grouped;
  for (auto& [user, what] : of_user) grouped[std::move(what)].push_back(user);
  std::vector<readers> out;
  out.reserve(grouped.size());
  for (auto& [what, users] : grouped) out.push_back({what, std::move(users)});
  return out;
}

}  // namespace route
