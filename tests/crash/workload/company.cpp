#include "crash/workload/company.hpp"

#include "client/event_loop.hpp"
#include "crash/workload/actor.hpp"

namespace parley::crash {

company::company(stage& on, const cast& who, std::uint64_t seed) : stage_(on) {
  for (const auto& one : who.roles) {
    seen_.terminals.push_back({name_of(one), stage_.people[one.person].id, one.level, {}});
  }
  seen_.members = stage_.members;
  stage_.speaking = who.roles.size();
  for (const auto& one : who.roles) {
    auto& alive = stage_.pulses.emplace_back();
    alive.speaking = one.level > 0;
    alive.begin(stage_.now_ns());
  }
  thread_ = std::thread([this, who, seed] { play(who, seed); });
}

company::~company() {
  stage_.over = true;
  if (thread_.joinable()) thread_.join();
}

history company::end() {
  stage_.over = true;
  thread_.join();
  return std::move(seen_);
}

void company::play(const cast& who, std::uint64_t seed) {
  constexpr std::uint64_t tick_ms = 20;
  client::event_loop loop;
  std::vector<std::unique_ptr<actor>> actors;
  for (std::size_t i = 0; i < who.roles.size(); ++i) {
    actors.push_back(
        std::make_unique<actor>(stage_, loop, who.roles[i], seen_.terminals[i], stage_.pulses[i], seed + i));
  }
  while (!stage_.over) {
    for (auto& one : actors) one->tick();
    loop.run_until([this] { return stage_.over.load(); }, tick_ms);
  }
}

}  // namespace parley::crash
