// All groups' conversations.
#include <cstdio>

#include "import/conversation.hpp"
#include "import/steps.hpp"

namespace parley::teamtalk {

void take_group_conversations(job& work) {
  using number = std::uint32_t;
  constexpr std::size_t groups_per_page = 500;
  work.enter("group conversations");
  if (work.finished()) return work.out().end("was done");
  number last = 0;
  std::sscanf(work.position().c_str(), "%u", &last);
  const auto of = work.db().one<std::uint64_t>("SELECT COUNT(*) FROM IMGroup", {});
  std::uint64_t groups = 0, renumbered = 0, rewritten = 0;
  for (;;) {
    std::vector<number> page;
    work.db().each<number>("SELECT id FROM IMGroup WHERE id > ? ORDER BY id LIMIT ?", {last, groups_per_page},
                           [&](number id) { page.push_back(id); });
    if (page.empty()) break;
    const auto known = histories(work.db(), chat::group, page);
    std::vector<new_conversation> sound;
    for (const auto id : page) {
      ++groups;
      const auto found = known.find(id);
      const auto seen = found == known.end() ? history() : found->second;
      const new_conversation made{chat::group, 0, id, id, seen.highest, seen.created};
      if (seen.sound()) {
        sound.push_back(made);
        continue;
      }
      ++renumbered;
      const number relations[] = {id};
      rewritten += work.dry() ? count_repairs(work.db(), chat::group, relations, id) : repair(work, made, relations);
    }
    last = page.back();
    if (!work.dry()) {
      work.transaction([&] {
        insert_conversations(work.db(), sound);
        work.set_position(std::to_string(last));
      });
    }
    work.out().progress(groups, std::get<0>(*of));
  }
  if (!work.dry()) work.finish();
  auto& out = work.out();
  out.count("groups", groups);
  out.count("groups with numbers twice or without, renumbered", renumbered);
  out.count("messages rewritten", rewritten);
  out.end(work.dry() ? "to do" : "done");
}

}  // namespace parley::teamtalk
