// Numbers that TeamTalk gave and did not store are not given again.
#include "import/conversation.hpp"
#include "import/steps.hpp"

namespace parley::teamtalk {
namespace {

using number = std::uint32_t;
constexpr std::size_t counters_per_transaction = 500;

/// How many conversations went up.
std::uint64_t raise(job& work, chat kind, const std::map<number, number>& counters, std::uint64_t& strange) {
  std::uint64_t raised = 0, seen = 0;
  auto next = counters.begin();
  while (next != counters.end()) {
    const auto first = next;
    std::uint64_t here = 0;
    work.transaction([&] {
      here = 0;
      next = first;
      for (std::size_t i = 0; i < counters_per_transaction && next != counters.end(); ++i, ++next) {
        if (next->second > highest_msg_id) continue;
        here += static_cast<std::uint64_t>(
            work.db()
                .execute("UPDATE conversation SET last_msg_id = ? WHERE kind = ? AND relate_id = ? AND last_msg_id < ?",
                         {next->second, raw(kind), next->first, next->second})  // index (kind, relate_id)
                .affected);
      }
    });
    raised += here;
    work.out().progress(seen += counters_per_transaction, counters.size());
  }
  for (const auto& [id, last] : counters) strange += last > highest_msg_id;
  return raised;
}

}  // namespace

void take_counters(job& work, const redis_truth& redis) {
  work.enter("counters");
  if (work.finished()) return work.out().end("was done");
  auto& out = work.out();
  out.count("counters in Redis", redis.last_of_relation.size() + redis.last_of_group.size());
  if (work.dry()) return out.end("to do");
  std::uint64_t strange = 0;
  const auto raised = raise(work, chat::single, redis.last_of_relation, strange) +
                      raise(work, chat::group, redis.last_of_group, strange);
  work.finish();
  out.count("ahead of the messages stored", raised);
  if (strange) out.count("that are no message numbers, left out", strange);
  out.end("done");
}

}  // namespace parley::teamtalk
