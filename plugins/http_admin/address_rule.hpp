// Which addresses may use an app key: "10.0.0.0/8, ::1".
#pragma once

#include <algorithm>
#include <string_view>

namespace http_admin {

/// "10.1.2.3", "10.0.0.0/8", "fd00::/8": an address, or a network by its leading bits.
bool is_network(std::string_view text);
/// Every one of a list with commas is a network; an empty list is good.
bool are_networks(std::string_view list);
/// `address` belongs to one of them, or there are none. What is no address belongs to none.
bool admits(std::string_view list, std::string_view address);

/// Calls take(item) for each item of a list with commas, without the blanks around it; until one returns true, which is
/// what it returns.
template <class Take>
bool any_item(std::string_view list, Take&& take) {
  if (list.empty()) return false;
  for (;;) {
    const auto comma = list.find(',');
    auto item = list.substr(0, comma);
    item.remove_prefix(std::min(item.find_first_not_of(' '), item.size()));
    item = item.substr(0, item.find_last_not_of(' ') + 1);
    if (take(item)) return true;
    if (comma == list.npos) return false;
    list.remove_prefix(comma + 1);
  }
}

}  // namespace http_admin
