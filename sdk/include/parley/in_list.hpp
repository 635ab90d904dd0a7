// Statements with "IN (?,?,...)" of a few widths, so that few of them stay prepared. [worker]
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <initializer_list>
#include <iterator>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "sql.hpp"

namespace parley {

/// "?,?,?": so many parameters of a list.
inline std::string marks(std::size_t count) {
  std::string text = "?";
  for (std::size_t i = 1; i < count; ++i) text += ",?";
  return text;
}

/// One statement for lists of any length: it goes out once for every so many values, and what a list lacks to the next
/// width is filled up with its last value, as the same one again changes nothing. `Widths` ascend. Make it a static.
template <std::size_t... Widths>
class in_list_of {
 public:
  /// `head` (?,?,...) `tail`
  explicit in_list_of(std::string_view head, std::string_view tail = {})
      : texts_{(std::string(head) + '(' + marks(Widths) + ')' + std::string(tail))...} {}

  /// run(statement, parameters, count) for every part of `all`, a range of integers or texts that lie side by side.
  /// `before` are the parameters in front of them, `after` those behind. An empty range runs nothing.
  template <class Ids, class Run>
  void each(std::initializer_list<sql_value> before, const Ids& all, Run&& run,
            std::initializer_list<sql_value> after = {}) const {
    using value = std::remove_cvref_t<decltype(*std::data(all))>;
    std::vector<sql_value> parameters;
    for (std::span<const value> ids(all); !ids.empty();) {
      std::size_t i = 0;
      while (i + 1 < widths.size() && widths[i] < ids.size()) ++i;
      const auto some = ids.first(std::min(widths[i], ids.size()));
      parameters.assign(before.begin(), before.end());
      parameters.insert(parameters.end(), some.begin(), some.end());
      parameters.resize(before.size() + widths[i], sql_value(some.back()));
      parameters.insert(parameters.end(), after.begin(), after.end());
      run(texts_[i].c_str(), parameters.data(), parameters.size());
      ids = ids.subspan(some.size());
    }
  }
  /// The same, where nothing is read.
  template <class Ids>
  void execute(sql& db, std::initializer_list<sql_value> before, const Ids& all) const {
    each(before, all,
         [&](const char* text, const sql_value* values, std::size_t count) { db.execute(text, values, count); });
  }

 private:
  static constexpr std::array<std::size_t, sizeof...(Widths)> widths{Widths...};
  std::array<std::string, sizeof...(Widths)> texts_;
};

using in_list = in_list_of<1, 8, 64>;
/// For what may be thousands.
using long_in_list = in_list_of<8, 64, 512>;

}  // namespace parley
