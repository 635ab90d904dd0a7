#include "host/node/lifecycle.hpp"

#include <algorithm>

#include "host/base/log.hpp"
#include "host/cluster/cluster.hpp"
#include "host/control/control_server.hpp"

namespace parley::host {

namespace {

constexpr std::uint64_t step_ms = 10;

bool contains(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

generation* by_name(const std::vector<generation*>& all, const std::string& name) {
  const auto found = std::find_if(all.begin(), all.end(), [&](const auto* g) { return g->name() == name; });
  return found == all.end() ? nullptr : *found;
}

}  // namespace

lifecycle::lifecycle(node_services& services, pools& p, plugin_set& plugins, std::string executable)
    : services_(services),
      pools_(p),
      plugins_(plugins),
      executable_(std::move(executable)),
      retirements_(services, p, side_) {
  retirements_.observer = &observer;
}

lifecycle::~lifecycle() {
  stop();
}

void lifecycle::begin(const manifest& m) {
  current_ = std::make_shared<const manifest>(m);
  for (auto* g : plugins_.active()) {
    numbers_[g->name()] = g->number();
    if (observer.active) observer.active(*g);
  }
}

void lifecycle::stop() {
  if (stopped_) return;
  stopped_ = true;
  *alive_ = false;
  side_.stop();
  if (ticking_) services_.timers.stop(ticking_);
  if (testing_) services_.timers.stop(testing_);
  for (auto& r : made_) plugins_.adopt(std::move(r.fresh));
  made_.clear();
  for (auto& [name, f] : fallbacks_) plugins_.adopt(std::move(f.previous));
  fallbacks_.clear();
  for (auto& g : retirements_.give_back()) plugins_.adopt(std::move(g));
}

void lifecycle::ask(plugin_change change, done when_done) {
  const bool plain = !change.edit && change.back.empty();
  for (std::size_t i = busy_ ? 1 : 0; plain && i < queue_.size(); ++i) {
    auto& waits = queue_[i];
    if (waits.change.edit || !waits.change.back.empty() || waits.change.make != change.make) continue;
    waits.change.only_changed = waits.change.only_changed && change.only_changed;
    waits.waiting.push_back(std::move(when_done));
    return;
  }
  queue_.push_back({std::move(change), nullptr, {}, services_.loop.now_ms()});
  queue_.back().waiting.push_back(std::move(when_done));
  next();
}

// From the loop's own hands: whoever asked may be a plugin's frame.
void lifecycle::next() {
  if (busy_ || queue_.empty() || stopped_) return;
  busy_ = true;
  services_.loop.post([this, alive = alive_] {
    if (*alive) start();
  });
}

void lifecycle::start() {
  const auto& change = queue_.front().change;
  if (!change.back.empty()) return go_back();
  if (!change.edit) return begin_preparing(current_);
  // It may read files: a manifest, certificates.
  side_.run([this, alive = alive_, edit = change.edit, now = current_, make = change.make]() mutable {
    auto target = std::make_shared<result<std::shared_ptr<const manifest>>>(edit(*now, make));
    services_.loop.post([this, alive, target, make = std::move(make)]() mutable {
      if (!*alive) return;
      if (!*target) return refuse(target->failure());
      queue_.front().change.make = std::move(make);
      begin_preparing(std::move(**target));
    });
  });
}

void lifecycle::begin_preparing(std::shared_ptr<const manifest> target) {
  const auto& change = queue_.front().change;
  queue_.front().target = target;
  for (const auto& name : change.make) {
    const auto& all = target->plugins;
    if (std::any_of(all.begin(), all.end(), [&](const auto& p) { return p.name == name; })) continue;
    return refuse({status::no_target, "no plugin named " + printable(name) + " is loaded; `parleyctl load` loads one"});
  }
  if (!change.make.empty() && retirements_.lingering() >= target->reload.lingering) {
    return refuse(lingering_error());
  }
  preparation what;
  what.executable = executable_;
  what.staging = plugins_.staging();
  what.target = target;
  what.make = change.make;
  what.only_changed = change.only_changed;
  for (const auto& info : plugins_.away(plugins_.active())) {
    if (!contains(change.make, info->name)) what.kept[info->name] = info;
  }
  for (auto* g : plugins_.active()) {
    if (!contains(change.make, g->name())) {
      what.kept[g->name()] = g->shared_info();
      continue;
    }
    const cpu_cost cost(g->loop_ns);
    what.built[g->name()] = g->build_id();
    auto state = save_state(*g, target->reload.state_limit);
    if (!state) return refuse(state.failure());
    what.states[g->name()] = std::move(*state);
  }
  for (const auto& name : change.make) what.numbers[name] = ++numbers_[name];
  side_.run([this, alive = alive_, what = std::move(what)] {
    auto outcome = std::make_shared<result<std::vector<prepared_plugin>>>(prepare(what, pools_));
    services_.loop.post([this, alive, outcome] {
      if (*alive) prepared(std::move(*outcome));
    });
  });
}

// In a turn of its own; the swap has the next.
void lifecycle::prepared(result<std::vector<prepared_plugin>> outcome) {
  if (!outcome) return refuse(outcome.failure());
  auto& change = queue_.front().change;
  if (outcome->empty() && !change.make.empty()) return finish({}, {});
  for (auto& p : *outcome) {
    auto g = std::make_unique<generation>(services_, p.config, std::move(p.info), std::move(p.lib), p.number,
                                          std::move(p.settings));
    const cpu_cost cost(g->loop_ns);
    plugins_.bind_pools(*g);
    auto created = g->create();
    auto* old = by_name(plugins_.active(), g->name());
    made_.push_back({std::move(g), old, {}});
    if (!created) return give_up(created.failure());
  }
  tests_end_ms_ = services_.loop.now_ms() + static_cast<std::uint64_t>(current_->reload.preflight.count());
  after_tests();
}

// A self-test may wait for its database, and everybody serves meanwhile.
void lifecycle::after_tests() {
  testing_ = 0;
  bool waiting = false;
  for (const auto& r : made_) {
    if (auto tested = r.fresh->test_result(); !tested) return give_up(tested.failure());
    if (!r.fresh->testing()) continue;
    if (services_.loop.now_ms() >= tests_end_ms_) return give_up(r.fresh->still_testing());
    waiting = true;
  }
  if (waiting) {
    testing_ = services_.timers.start(nullptr, 1, 0, "self-test", this,
                                      [](void* self) { static_cast<lifecycle*>(self)->after_tests(); });
    return;
  }
  make_tables();
}

// Everything but the hand-over is done when the swap begins.
void lifecycle::make_tables() {
  std::vector<generation*> active;
  for (const auto& config : queue_.front().target->plugins) {
    const auto fresh =
        std::find_if(made_.begin(), made_.end(), [&](const auto& r) { return r.fresh->name() == config.name; });
    auto* g = fresh == made_.end() ? by_name(plugins_.active(), config.name) : fresh->fresh.get();
    if (g) active.push_back(g);
  }
  side_.run([this, alive = alive_, active, away = plugins_.away(active)] {
    auto tables = std::make_shared<result<serving>>(tables_of(active, away));
    services_.loop.post([this, alive, active, tables] {
      if (!*alive) return;
      if (!*tables) return give_up(tables->failure());
      swap(std::exchange(made_, {}), active, std::move(**tables));
    });
  });
}

result<serving> lifecycle::tables_of(const std::vector<generation*>& active, const away_plugins& away) const {
  return make_serving(active, away, routes_of ? routes_of(active, away) : std::vector<route>());
}

void lifecycle::give_up(const error& why) {
  for (auto& r : std::exchange(made_, {})) retire(std::move(r.fresh));
  refuse(why);
}

result<void> lifecycle::hand_over(replacement& r) {
  if (!r.old) return {};
  auto state = save_state(*r.old, queue_.front().target->reload.state_limit);
  if (!state) return state.failure();
  r.state = std::move(*state);
  return restore_state(*r.fresh, r.state);
}

std::vector<const generation*> lifecycle::loaded() const {
  auto all = retirements_.leaving();
  all.insert(all.end(), plugins_.active().begin(), plugins_.active().end());
  for (const auto& [name, f] : fallbacks_) all.push_back(f.previous.get());
  return all;
}

// Between two turns' events nobody sees half of it: the old ones save, the new ones restore, every table changes hands.
void lifecycle::swap(std::vector<replacement> made, std::vector<generation*> active, serving tables) {
  std::uint64_t unused = 0;
  const cpu_cost cost(made.empty() ? unused : made.front().fresh->loop_ns);
  const auto target = queue_.front().target;
  result<void> ready;
  for (auto& r : made) {
    if (ready) ready = hand_over(r);
  }
  if (!ready) {
    for (auto& r : made) retire(std::move(r.fresh));
    return refuse(ready.failure());
  }
  serve(active, tables);
  change_report report;
  current_ = target;
  for (auto* g : std::vector<generation*>(plugins_.active())) {
    if (by_name(active, g->name())) continue;
    report.swapped.push_back({g->name(), g->number(), 0, g->pin_count - g->timer_pins});
    end_probation(g->name());
    retire(plugins_.release(*g));
  }
  for (auto& r : made) {
    auto& now = *r.fresh;
    report.swapped.push_back(
        {now.name(), r.old ? r.old->number() : 0, now.number(), r.old ? r.old->pin_count - r.old->timer_pins : 0});
    auto old = r.old ? plugins_.release(*r.old) : nullptr;
    plugins_.adopt(std::move(r.fresh));
    begin_probation(now, std::move(old), std::move(r.state));
  }
  plugins_.set_active(std::move(active));
  ++reloads_;
  finish(std::move(report), std::move(tables));
}

void lifecycle::serve(const std::vector<generation*>& active, serving& tables) {
  put_in_place(services_, tables);
  if (services_.cluster) services_.cluster->announce(active);
  for (auto* g : active) {
    if (g->state == generation_state::active) continue;
    g->state = generation_state::active;
    g->timers_held = false;
    services_.timers.resume(*g);
  }
}

void lifecycle::begin_probation(generation& now, std::unique_ptr<generation> old, plugin_state saved) {
  if (observer.active) observer.active(now);
  if (!old) return;
  const auto probation = static_cast<std::uint64_t>(current_->reload.probation.count());
  auto& f = fallbacks_[now.name()];
  // "Previous" is the last that finished its probation: who is replaced within it was never proven.
  if (f.previous) {
    retire(std::move(old));
  } else {
    old->state = generation_state::suspended;
    f.previous = std::move(old);
    f.saved = std::move(saved);
  }
  f.ends_ms = services_.loop.now_ms() + probation;
  if (probation == 0) return end_probation(now.name());
  if (observer.probation) observer.probation(now, *f.previous);
  keep_stepping();
}

void lifecycle::end_probation(const std::string& name) {
  const auto found = fallbacks_.find(name);
  if (found == fallbacks_.end()) return;
  auto previous = std::move(found->second.previous);
  fallbacks_.erase(found);
  if (auto* g = by_name(plugins_.active(), name); g && observer.probation_over) observer.probation_over(*g);
  if (previous) retire(std::move(previous));
}

void lifecycle::retire(std::unique_ptr<generation> g) {
  if (!g) return;
  retirements_.take(std::move(g), static_cast<std::uint64_t>(current_->reload.quiesce.count()));
  keep_stepping();
}

void lifecycle::go_back() {
  const auto name = queue_.front().change.back;
  auto* now = by_name(plugins_.active(), name);
  const auto found = fallbacks_.find(name);
  if (!now || found == fallbacks_.end()) {
    return refuse({status::no_target, now ? "plugin " + name +
                                                " has no previous generation: its probation is over, or it "
                                                "was not reloaded; build the older version and reload it"
                                          : "no plugin named " + name + " is loaded"});
  }
  auto& f = found->second;
  const cpu_cost cost(now->loop_ns);
  // The newer state if it can read that, else what it saved itself.
  auto state = save_state(*now, current_->reload.state_limit);
  auto restored = state ? restore_state(*f.previous, *state) : result<void>(state.failure());
  if (!restored) restored = restore_state(*f.previous, f.saved);
  if (!restored) return refuse(restored.failure());
  auto active = plugins_.active();
  std::replace(active.begin(), active.end(), now, f.previous.get());
  auto tables = tables_of(active, plugins_.away(active));
  if (!tables) return refuse(tables.failure());
  serve(active, *tables);

  auto target = std::make_shared<manifest>(*current_);
  for (auto& config : target->plugins) {
    if (config.name == name) config = f.previous->config();
  }
  current_ = target;
  change_report report;
  report.swapped.push_back({name, now->number(), f.previous->number(), now->pin_count - now->timer_pins});
  auto& before = *f.previous;
  auto newer = plugins_.release(*now);
  plugins_.adopt(std::move(f.previous));
  plugins_.set_active(std::move(active));
  fallbacks_.erase(found);
  if (observer.probation_over) observer.probation_over(before);
  retire(std::move(newer));
  ++rollbacks_;
  finish(std::move(report), std::move(*tables));
}

void lifecycle::refuse(const error& why) {
  ++refused_;
  log_of("plugin")->error("not replaced: {}", why.text);
  tell(result<change_report>(why));
}

// What was served by goes, and the log line is written, where they hold nobody up.
void lifecycle::finish(change_report report, serving before) {
  report.ms = services_.loop.now_ms() - queue_.front().asked_ms;
  if (!report.swapped.empty()) {
    side_.run([report, before = std::make_shared<serving>(std::move(before))] {
      log_of("plugin")->info("{}", report.to_string());
    });
  }
  tell(result<change_report>(std::move(report)));
}

void lifecycle::tell(const result<change_report>& outcome) {
  const auto waiting = std::move(queue_.front().waiting);
  queue_.pop_front();
  busy_ = false;
  for (const auto& d : waiting) {
    if (d) d(outcome);
  }
  next();
}

error lifecycle::lingering_error() const {
  std::string text;
  for (const auto& name : retirements_.stuck()) text += (text.empty() ? "" : "; ") + name + " (kept by the loader)";
  for (const auto* g : retirements_.leaving()) {
    if (g->state != generation_state::lingering) continue;
    const auto pins = pins_json(*g, services_.loop.now_ms(), 1);
    text +=
        (text.empty() ? "" : "; ") + g->name() + " generation " + std::to_string(g->number()) + " (" +
        (pins.empty() ? ""
                      : pins[0].at("kind").get<std::string>() + " made in " + pins[0].at("where").get<std::string>()) +
        ")";
  }
  return {status::busy, std::to_string(retirements_.lingering()) + " generations linger already (reload.lingering): " +
                            text + "; mend what keeps them, and restart the node to be rid of them"};
}

void lifecycle::keep_stepping() {
  if (ticking_ || stopped_) return;
  ticking_ = services_.timers.start(nullptr, step_ms, step_ms, "plugin life cycle", this,
                                    [](void* self) { static_cast<lifecycle*>(self)->step(); });
}

void lifecycle::step() {
  const auto now = services_.loop.now_ms();
  std::vector<std::string> over;
  for (auto& [name, f] : fallbacks_) {
    // Its timers go on while it has something to finish: they may be what that waits for.
    if (f.previous && f.previous->idle()) f.previous->timers_held = true;
    if (now >= f.ends_ms) over.push_back(name);
  }
  for (const auto& name : over) end_probation(name);
  const bool more = retirements_.step();
  if (more || !fallbacks_.empty() || !ticking_) return;
  services_.timers.stop(std::exchange(ticking_, 0));
}

}  // namespace parley::host
