#include "import/renumber.hpp"

#include <algorithm>
#include <tuple>

namespace parley::teamtalk {

void renumber(std::vector<numbered_row>& rows) {
  std::sort(rows.begin(), rows.end(), [](const numbered_row& x, const numbered_row& y) {
    // A row without a number comes behind the numbered ones of its second.
    const auto number = [](const numbered_row& r) { return is_number(r.msg_id) ? r.msg_id : highest_msg_id + 1; };
    return std::tuple(x.created, number(x), x.relation, x.row_id) <
           std::tuple(y.created, number(y), y.relation, y.row_id);
  });
  std::uint64_t last = 0;
  for (auto& row : rows) {
    last = std::max<std::uint64_t>(last + 1, is_number(row.msg_id) ? row.msg_id : 0);
    row.new_id = static_cast<std::uint32_t>(last);
    if (last > highest_msg_id) break;
  }
  if (last <= highest_msg_id) return;
  std::uint32_t next = 0;
  for (auto& row : rows) row.new_id = ++next;
}

}  // namespace parley::teamtalk
