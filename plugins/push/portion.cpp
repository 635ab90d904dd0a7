#include "portion.hpp"

#include <algorithm>

namespace push {

portion next_portion(message_news& message, const findings& known, std::size_t& left) {
  if (left == 0) return {{}, false};
  if (!message.group) {
    --left;
    const auto found = known.of_user.find(message.target);
    if (found == known.of_user.end()) return {};
    return {{&found->second, 1}, true};
  }
  const auto found = known.of_group.find(message.target);
  if (found == known.of_group.end()) return {};
  const auto& all = found->second;
  const auto from = std::upper_bound(all.begin(), all.end(), message.after,
                                     [](std::uint32_t user, const store::device& d) { return user < d.user; });
  const auto rest = static_cast<std::size_t>(all.end() - from);
  const auto count = std::min(rest, left);
  left -= count;
  if (count > 0) message.after = from[static_cast<std::ptrdiff_t>(count) - 1].user;
  return {{from, count}, count == rest};
}

}  // namespace push
