#include "host/plugin/trial_pools.hpp"

#include <algorithm>
#include <thread>

#include "host/config/check.hpp"
#include "host/node/services.hpp"

namespace parley::host {

namespace {

using std::chrono::milliseconds;

constexpr milliseconds longest_wait{1000};  // for a lock, or in the queue
constexpr milliseconds to_come_back{500};

void to_log(log_level level, const std::string& text) {
  auto l = log_of("pool");
  level == log_level::info ? l->info("{}", printable(text)) : l->error("{}", printable(text));
}

}  // namespace

trial_pools::trial_pools(generation& g, std::vector<sql_pool_config> all) : generation_(g) {
  for (const auto& need : g.info().pools) {
    const auto& target = pool_target(g.config(), need.name);
    const auto found = std::find_if(all.begin(), all.end(), [&](const auto& p) { return p.name == target; });
    auto& binding = g.pools[need.name];
    binding.target = target;
    if (need.kind != "sql" || found == all.end()) continue;
    auto config = *found;
    config.trial = true;
    config.deadline = std::min(config.deadline, longest_wait);
    config.lock_timeout = std::min(config.lock_timeout, longest_wait);
    auto pool = std::make_unique<sql_pool>(g.services().loop, config, to_log);
    if (auto opened = pool->open(); !opened) {
      to_log(log_level::error, "sql pool " + config.name + ": " + opened.text());
      continue;
    }
    binding.sql = pool.get();
    pools_.push_back(std::move(pool));
  }
}

trial_pools::~trial_pools() {
  settle(milliseconds(0));
}

void trial_pools::turn_until_idle(milliseconds longest) {
  const auto until = std::chrono::steady_clock::now() + longest;
  while (!generation_.idle() && std::chrono::steady_clock::now() < until) {
    generation_.services().loop.turn(false);
    if (!generation_.idle()) std::this_thread::sleep_for(milliseconds(1));
  }
}

void trial_pools::settle(milliseconds longest) {
  turn_until_idle(longest);
  generation_.cancelled = true;
  for (auto& p : pools_) p->shutdown(false);
  turn_until_idle(to_come_back);
  for (auto& [name, binding] : generation_.pools) binding.sql = nullptr;
  pools_.clear();
}

}  // namespace parley::host
