// All single conversations, pair by pair.
#include <algorithm>
#include <array>
#include <cstdio>

#include "import/conversation.hpp"
#include "import/steps.hpp"

namespace parley::teamtalk {
namespace {

using number = std::uint32_t;
constexpr std::size_t rows_per_page = 1000;

struct relation {
  number id = 0;
  number status = 0;
};
struct pair_of_users {
  number a = 0, b = 0;
  std::vector<relation> relations;  // live ones first, the oldest first

  /// The one that TeamTalk reads.
  number main() const { return relations.front().id; }
  std::vector<number> ids() const {
    std::vector<number> all;
    for (const auto& one : relations) all.push_back(one.id);
    return all;
  }
};

/// Whole pairs behind (a, b).
std::vector<pair_of_users> page_behind(sql& db, number a, number b) {
  std::vector<pair_of_users> page;
  std::size_t rows = 0;
  const auto add = [&](number small, number big, number id, number status) {
    ++rows;
    if (page.empty() || page.back().a != small || page.back().b != big) page.push_back({small, big, {}});
    page.back().relations.push_back({id, status});
  };
  db.each<number, number, number, number>(  // index (smallId, bigId, status, updated)
      "SELECT smallId, bigId, id, status FROM IMRelationShip WHERE smallId >= ? AND (smallId > ? OR bigId > ?) ORDER "
      "BY "
      "smallId, bigId LIMIT ?",
      {a, a, b, rows_per_page}, add);
  if (rows == rows_per_page && page.size() > 1) {
    page.pop_back();  // cut, perhaps
  } else if (rows == rows_per_page) {
    const auto only = page.front();
    page.clear();
    db.each<number, number, number, number>(
        "SELECT smallId, bigId, id, status FROM IMRelationShip WHERE smallId = ? AND bigId = ?", {only.a, only.b}, add);
  }
  for (auto& one : page) {
    std::sort(one.relations.begin(), one.relations.end(), [](const relation& x, const relation& y) {
      return std::pair(x.status, x.id) < std::pair(y.status, y.id);
    });
  }
  return page;
}

struct totals {
  std::uint64_t pairs = 0, doubled = 0, renumbered = 0, rewritten = 0, odd = 0;
};

/// What a page needs, told apart.
struct sorted_page {
  std::vector<new_conversation> sound;
  std::vector<std::pair<new_conversation, std::vector<number>>> broken;
};

sorted_page look(sql& db, const std::vector<pair_of_users>& page, totals& all) {
  std::vector<number> ids;
  for (const auto& pair : page) {
    for (const auto& one : pair.relations) ids.push_back(one.id);
  }
  const auto known = histories(db, chat::single, ids);
  const auto history_of = [&](number id) {
    const auto found = known.find(id);
    return found == known.end() ? history() : found->second;
  };
  sorted_page out;
  for (const auto& pair : page) {
    if (pair.a >= pair.b) {  // written by no TeamTalk; nobody would find it
      ++all.odd;
      continue;
    }
    ++all.pairs;
    const auto main = history_of(pair.main());
    const new_conversation made{chat::single, pair.a, pair.b, pair.main(), main.highest, main.created};
    if (pair.relations.size() == 1 && main.sound()) {
      out.sound.push_back(made);
      continue;
    }
    const bool all_ended = pair.relations.size() > 1 &&
                           std::all_of(pair.relations.begin() + 1, pair.relations.end(), [&](const relation& one) {
                             return one.status != 0 && history_of(one.id).count == 0;
                           });
    if (all_ended && main.sound()) {  // merged before
      out.sound.push_back(made);
      continue;
    }
    ++(pair.relations.size() > 1 ? all.doubled : all.renumbered);
    out.broken.emplace_back(made, pair.ids());
  }
  return out;
}

}  // namespace

void take_conversations(job& work) {
  work.enter("conversations");
  if (work.finished()) return work.out().end("was done");
  number a = 0, b = 0;
  std::sscanf(work.position().c_str(), "%u %u", &a, &b);
  const auto of = work.db().one<std::uint64_t>("SELECT COUNT(*) FROM IMRelationShip", {});
  totals all;
  for (;;) {
    const auto page = page_behind(work.db(), a, b);
    if (page.empty()) break;
    const auto todo = look(work.db(), page, all);
    for (const auto& [pair, relations] : todo.broken) {
      all.rewritten +=
          work.dry() ? count_repairs(work.db(), chat::single, relations, pair.relation) : repair(work, pair, relations);
      work.out().progress(all.pairs, std::get<0>(*of));
    }
    a = page.back().a;
    b = page.back().b;
    if (!work.dry()) {
      work.transaction([&] {
        insert_conversations(work.db(), todo.sound);
        work.set_position(std::to_string(a) + " " + std::to_string(b));
      });
    }
    work.out().progress(all.pairs, std::get<0>(*of));
  }
  if (!work.dry()) work.finish();
  auto& out = work.out();
  out.count("pairs of users", all.pairs);
  out.count("pairs of several relations, merged", all.doubled);
  out.count("pairs with numbers twice or without, renumbered", all.renumbered);
  out.count("messages rewritten", all.rewritten);
  if (all.odd) out.count("relations of no pair, left alone", all.odd);
  out.end(work.dry() ? "to do" : "done");
}

}  // namespace parley::teamtalk
