#include "host/node/plugin_set.hpp"

#include <algorithm>

#include "host/config/plan.hpp"
#include "host/control/control_server.hpp"

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
  for (std::size_t i = 0; i < plan.infos.size(); ++i) {
    order_.push_back(m.plugins[i].name);
    if (m.plugins[i].quarantine.empty()) {
      make(m.plugins[i], plan.files[i], plan.settings[i], errors);
    } else {
      left_out_.push_back({m.plugins[i], plan.files[i], plan.settings[i], plan.infos[i]});
    }
  }
}

std::vector<const plugin_info*> plugin_set::away() const {
  std::vector<const plugin_info*> out;
  for (const auto& l : left_out_) out.push_back(&l.info);
  return out;
}

result<void> plugin_set::leave_quarantine(const std::string& name) {
  const auto found =
      std::find_if(left_out_.begin(), left_out_.end(), [&](const left_out& l) { return l.info.name == name; });
  if (found == left_out_.end()) return status::no_target;
  std::vector<diagnostic> errors;
  make(found->config, found->file, found->settings, errors);
  if (!errors.empty()) return error{status::unavailable, errors.front().text};
  left_out_.erase(found);
  const auto place = [&](const generation* g) { return std::find(order_.begin(), order_.end(), g->name()); };
  std::sort(active_.begin(), active_.end(), [&](auto* a, auto* b) { return place(a) < place(b); });
  activate();
  return {};
}

void plugin_set::make(const plugin_config& config, const std::string& file, const plugin_settings& settings,
                      std::vector<diagnostic>& errors) {
  auto failed = [&](const std::string& text) { errors.push_back({config.at, text}); };
  auto lib = library::open(file, staging_, config.name + "-1");
  if (!lib) return failed(lib.text());
  // The file may have changed since the helper looked: what is loaded is what is used.
  auto again = read_descriptor((*lib)->descriptor(), file);
  if (!again) return failed(again.text());
  auto g = std::make_unique<generation>(services_, config, std::move(*again), std::move(*lib), 1, settings);
  bind_pools(*g);
  if (auto migrated = migrate(*g); !migrated) return failed(migrated.text());
  if (auto created = g->create(); !created) return failed(created.text());
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

result<void> plugin_set::migrate(generation& g) {
  std::map<std::string, std::vector<migration>> by_pool;
  for (const auto& step : g.info().migrations) by_pool[step.pool].push_back({step.number, step.name, step.statements});
  for (auto& [pool, steps] : by_pool) {
    auto done = pools_.migrate(*g.pool(pool.c_str())->sql, g.name(), steps);
    if (!done) return error{done.code(), "plugin " + g.name() + ": its migration failed: " + done.text()};
    if (*done) log_of("node")->info("{}: {} migrations applied", g.name(), *done);
  }
  return {};
}

void plugin_set::activate() {
  for (auto* g : active_) g->state = generation_state::active;
  services_.dispatch.set_table(std::make_shared<const dispatch_table>(active_, away()));
  services_.events.rebuild(active_);
  services_.control->set_plugin_verbs(active_);
}

bool plugin_set::busy() const {
  for (const auto* g : active_) {
    for (const auto* h = g->pins.next; h != &g->pins; h = h->next) {
      if (static_cast<const pin*>(h)->kind != pin_kind::timer) return true;
    }
  }
  return false;
}

void plugin_set::retire() {
  if (active_.empty()) return;
  services_.dispatch.set_table(std::make_shared<const dispatch_table>(std::vector<generation*>{}));
  services_.events.rebuild({});
  services_.control->set_plugin_verbs({});
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
