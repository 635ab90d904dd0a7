#include "host/node/plugin_set.hpp"

#include <algorithm>

#include "host/cluster/cluster.hpp"
#include "host/config/plan.hpp"
#include "host/node/prepare.hpp"

namespace parley::host {

plugin_set::~plugin_set() {
  retire();
}

void plugin_set::load(const manifest& m, const std::string& executable, std::vector<diagnostic>& errors) {
  const auto plan = plan_plugins(m, executable, errors);
  if (!errors.empty()) return;
  auto staging = make_staging_directory(m.data);
  if (!staging) return errors.push_back({{m.file, 1, 1}, staging.text()});
  staging_ = *staging;
  longest_test_ = m.reload.preflight;
  for (std::size_t i = 0; i < plan.infos.size(); ++i) {
    if (m.plugins[i].quarantine.empty()) {
      make(m.plugins[i], plan.files[i], plan.settings[i], errors);
    } else {
      left_out_.push_back(std::make_shared<const plugin_info>(plan.infos[i]));
    }
  }
}

away_plugins plugin_set::away(const std::vector<generation*>& active) const {
  auto out = left_out_;
  std::erase_if(out, [&](const auto& info) {
    return std::any_of(active.begin(), active.end(), [&](const auto* g) { return g->name() == info->name; });
  });
  return out;
}

void plugin_set::make(const plugin_config& config, const std::string& file, const plugin_settings& settings,
                      std::vector<diagnostic>& errors) {
  auto failed = [&](const std::string& text) { errors.push_back({config.at, text}); };
  auto staged = stage(file, staging_, config.name, 1);
  if (!staged) return failed(staged.text());
  auto lib = library::open(std::move(*staged), file);
  if (!lib) return failed(lib.text());
  // The file may have changed since the helper looked: what is loaded is what is used.
  auto again = read_descriptor((*lib)->descriptor(), file);
  if (!again) return failed(again.text());
  auto g = std::make_unique<generation>(services_, config, std::make_shared<const plugin_info>(std::move(*again)),
                                        std::move(*lib), 1, settings);
  bind_pools(*g);
  if (auto migrated = migrate_for(g->info(), config, pools_); !migrated) return failed(migrated.text());
  if (auto created = g->create(); !created) return failed(created.text());
  if (auto tested = g->await_test(longest_test_); !tested) {
    generations_.push_back(std::move(g));  // what it waits for is ended with everything else
    return failed(tested.text());
  }
  active_.push_back(g.get());
  generations_.push_back(std::move(g));
}

void plugin_set::bind_pools(generation& g) {
  for (const auto& need : g.info().pools) {
    g.pools[need.name] = pools_.find(pool_target(g.config(), need.name));
  }
  for (const auto& l : g.info().lanes) {
    g.lanes.push_back(
        &pools_.make_lane(*g.pool(l.pool.c_str())->sql, g.name() + "." + l.name, l.max_batch, l.max_queue));
  }
}

void plugin_set::activate(serving tables) {
  for (auto* g : active_) {
    g->state = generation_state::active;
    g->timers_held = false;
    services_.timers.resume(*g);
  }
  put_in_place(services_, tables);
  if (services_.cluster) services_.cluster->announce(active_);
}

std::unique_ptr<generation> plugin_set::release(generation& g) {
  std::erase(active_, &g);
  const auto found =
      std::find_if(generations_.begin(), generations_.end(), [&](const auto& owned) { return owned.get() == &g; });
  if (found == generations_.end()) return nullptr;
  auto out = std::move(*found);
  generations_.erase(found);
  return out;
}

bool plugin_set::busy() const {
  return std::any_of(active_.begin(), active_.end(), [](const auto* g) { return !g->idle(); });
}

void plugin_set::retire() {
  if (generations_.empty()) return;
  put_in_place(services_, *make_serving({}, {}, {}));
  active_.clear();
  // In reverse of their making; the file may only go when nothing can return into it any more.
  while (!generations_.empty()) {
    auto g = std::move(generations_.back());
    generations_.pop_back();
    g->state = generation_state::quiescing;
    services_.timers.stop_all(*g);
    if (g->pin_count == 0) continue;
    for (auto* h = g->pins.next; h != &g->pins; h = h->next) {
      const auto& p = *static_cast<const pin*>(h);
      g->log().warn("gen {} stays loaded: {} from {}, {} ms old", g->number(), to_string(p.kind), p.origin,
                    services_.loop.now_ms() - p.since_ms);
    }
    (void)g.release();
  }
}

}  // namespace parley::host
