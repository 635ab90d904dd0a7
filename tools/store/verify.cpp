#include "store/verify.hpp"

#include <algorithm>

#include "store/digest.hpp"

namespace parley::store {

namespace {

/// As the other has its columns: what is there besides is not compared.
table seen_as(const table& here, const table& there) {
  table out = there;
  out.columns.clear();
  for (const auto& one : here.columns) {
    column same = *there.find(one.name);
    if (one.kind == column::type::integer || same.kind == column::type::integer) {
      same.kind = one.kind == column::type::integer ? column::type::integer : column::type::text;
    }
    out.columns.push_back(same);
  }
  return out;
}

std::string rows(const digest& of) {
  return std::to_string(of.rows) + (of.rows == 1 ? " row" : " rows");
}

class comparison {
 public:
  comparison(end& from, end& to, report& out) : from_(from), to_(to), report_(out) {}

  std::string run() {
    const auto here = read_catalog(from_), there = read_catalog(to_);
    std::uint64_t looked_at = 0;
    for (const auto& [name, what] : here) {
      report_.progress("tables compared", looked_at++, here.size());
      if (is_bookkeeping(name)) continue;
      const auto found = there.find(name);
      if (found == there.end()) {
        differ("table " + what.name + " is missing in " + to_.shown());
        continue;
      }
      const auto lacking = std::find_if(what.columns.begin(), what.columns.end(),
                                        [&](const column& c) { return !found->second.find(c.name); });
      if (lacking != what.columns.end()) {
        differ("column " + what.name + "." + lacking->name + " is missing in " + to_.shown());
        continue;
      }
      compare_tables(what, seen_as(what, found->second));
    }
    if (differing_ > 1) first_ += "; " + std::to_string(differing_ - 1) + " more tables differ";
    return first_;
  }

 private:
  void differ(std::string sentence) {
    ++differing_;
    if (first_.empty()) first_ = std::move(sentence);
  }

  void compare_tables(const table& here, const table& there) {
    conversation_sums mine, theirs;
    const auto one = digest_table(from_, here, mine), other = digest_table(to_, there, theirs);
    report_.compared(here.name, one.rows, one.sum);
    if (one == other && mine.all() == theirs.all()) return;
    std::string sentence = "table " + here.name + " differs: " + rows(one) + " in " + from_.shown() + ", " +
                           rows(other) + " in " + to_.shown();
    if (!conversation_column(lower(here.name)).empty()) sentence += conversation(here, there, mine, theirs);
    differ(std::move(sentence));
  }

  std::string conversation(const table& here, const table& there, const conversation_sums& mine,
                           const conversation_sums& theirs) {
    const bool group = conversation_column(lower(here.name)) == "groupId";
    const auto cell = static_cast<std::size_t>(
        std::mismatch(mine.all().begin(), mine.all().end(), theirs.all().begin()).first - mine.all().begin());
    if (cell == conversation_sums::cells) return {};
    auto one = digest_cell(from_, here, group, cell), other = digest_cell(to_, there, group, cell);
    for (const auto& [id, found] : other) one.try_emplace(id);
    for (const auto& [id, found] : one) {
      if (found == other[id]) continue;
      return "; the first of its conversations is " + name_of(group, id) + ", " + std::to_string(found.rows) +
             " messages there, " + std::to_string(other[id].rows) + " here";
    }
    return {};
  }

  std::string name_of(bool group, std::int64_t id) {
    if (group) return "that of group " + std::to_string(id);
    const auto pair =
        from_.db().one<std::uint32_t, std::uint32_t>("SELECT smallId, bigId FROM IMRelationShip WHERE id = ?", {id});
    const auto number = "number " + std::to_string(id);
    if (!pair) return number;
    return number + ", of users " + std::to_string(std::get<0>(*pair)) + " and " + std::to_string(std::get<1>(*pair));
  }

  end& from_;
  end& to_;
  report& report_;
  std::string first_;
  unsigned differing_ = 0;
};

}  // namespace

std::string compare(end& from, end& to, report& out) {
  return comparison(from, to, out).run();
}

}  // namespace parley::store
