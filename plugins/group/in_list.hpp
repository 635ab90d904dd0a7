// Statements with "IN (?,?,...)" of a few widths, so that few of them stay prepared. [worker]
#pragma once

#include <parley/sql.hpp>

#include <algorithm>
#include <array>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace group {

class in_list {
 public:
  /// `head` (?,?,...) `tail`; no parameter stands behind the ids.
  in_list(std::string_view head, std::string_view tail = {}) {
    for (std::size_t i = 0; i < widths.size(); ++i) {
      std::string marks = "(?";
      for (std::size_t n = 1; n < widths[i]; ++n) marks += ",?";
      texts_[i] = std::string(head) + marks + ")" + std::string(tail);
    }
  }

  /// run(statement, parameters, count) for every chunk of `ids`; `before` are the parameters in front of them.
  template <class Id, class Run>
  void each(std::initializer_list<parley::sql_value> before, const std::vector<Id>& all, Run&& run) const {
    std::vector<parley::sql_value> parameters;
    for (std::span<const Id> ids(all); !ids.empty();) {
      std::size_t i = 0;
      while (i + 1 < widths.size() && widths[i] < ids.size()) ++i;
      const auto some = ids.first(std::min(widths[i], ids.size()));
      parameters.assign(before.begin(), before.end());
      parameters.insert(parameters.end(), some.begin(), some.end());
      // The same id again changes nothing.
      parameters.resize(before.size() + widths[i], parley::sql_value(some.front()));
      run(texts_[i].c_str(), parameters.data(), parameters.size());
      ids = ids.subspan(some.size());
    }
  }
  /// The same, where nothing is read.
  template <class Id>
  void execute(parley::sql& db, std::initializer_list<parley::sql_value> before, const std::vector<Id>& ids) const {
    each(before, ids, [&](const char* text, const parley::sql_value* values, std::size_t count) {
      db.execute(text, values, count);
    });
  }

 private:
  static constexpr std::array<std::size_t, 3> widths{8, 64, 512};
  std::array<std::string, widths.size()> texts_;
};

}  // namespace group
