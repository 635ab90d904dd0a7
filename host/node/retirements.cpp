#include "host/node/retirements.hpp"

#include <algorithm>
#include <ctime>

#include "host/base/log.hpp"
#include "host/control/control_server.hpp"
#include "host/node/plugin_exchanges.hpp"

namespace parley::host {

using json = nlohmann::ordered_json;

namespace {

constexpr std::uint64_t cancel_ms = 2000;  // for what was cancelled to come back
constexpr std::size_t most_costs = 4096;

std::string named_generation(const generation& g) {
  return g.name() + " generation " + std::to_string(g.number());
}

}  // namespace

std::uint64_t cpu_cost::now() {
  timespec t{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return static_cast<std::uint64_t>(t.tv_sec) * 1000000000u + static_cast<std::uint64_t>(t.tv_nsec);
}

json pins_json(const generation& g, std::uint64_t now_ms, std::size_t most) {
  std::vector<const pin*> all;
  for (auto* h = g.pins.next; h != &g.pins; h = h->next) all.push_back(static_cast<const pin*>(h));
  std::sort(all.begin(), all.end(), [](const pin* a, const pin* b) { return a->since_ms < b->since_ms; });
  json out = json::array();
  for (const auto* p : all) {
    if (out.size() >= most) break;
    out.push_back({{"kind", to_string(p->kind)}, {"where", p->origin}, {"age_ms", now_ms - p->since_ms}});
  }
  return out;
}

void retirements::take(std::unique_ptr<generation> g, std::uint64_t deadline_ms) {
  g->state = generation_state::quiescing;
  leaving_.push_back({std::move(g), services_.loop.now_ms() + deadline_ms, 0, {}});
}

bool retirements::step() {
  for (std::size_t i = 0; i < leaving_.size();) {
    if (advance(leaving_[i])) {
      if (counts_.loop_us.size() >= most_costs) counts_.loop_us.erase(counts_.loop_us.begin());
      counts_.loop_us.push_back(leaving_[i].g->loop_ns / 1000);
      leaving_.erase(leaving_.begin() + static_cast<std::ptrdiff_t>(i));
    } else {
      ++i;
    }
  }
  return !leaving_.empty() || unmapping_ > 0;
}

bool retirements::advance(leaving_one& one) {
  auto& g = *one.g;
  const cpu_cost cost(g.loop_ns);
  const auto now = services_.loop.now_ms();
  switch (g.state) {
    case generation_state::quiescing:
      if (g.idle()) {
        begin_grace(one);
      } else if (now >= one.deadline_ms) {
        cancel(one);
      }
      return false;
    case generation_state::cancelling:
      if (g.idle()) {
        begin_grace(one);
      } else if (now >= one.deadline_ms + cancel_ms) {
        linger(one);
      }
      return false;
    case generation_state::lingering:
      if (!g.idle()) return false;
      if (g.instance()) {
        begin_grace(one);
      } else {
        g.state = generation_state::destroyed;
      }
      return false;
    case generation_state::grace:
      if (services_.loop.turns() <= one.turn + 1 || !one.threads.passed()) return false;
      if (!g.idle()) {
        g.state = generation_state::cancelling;
        return false;
      }
      destroy(one);
      return false;
    case generation_state::destroyed:
      if (g.pin_count > 0) {
        linger(one);
        return false;
      }
      unmap(g);
      return true;
    default:
      return false;
  }
}

// From here nothing new is taken from it: sleeps end, what is queued for it is answered, its callers' answers come.
void retirements::cancel(leaving_one& one) {
  auto& g = *one.g;
  log_of("plugin")->warn("{}: {} things in flight did not end in time and are cancelled", named_generation(g),
                         g.pin_count - g.timer_pins);
  g.state = generation_state::cancelling;
  g.cancelled = true;
  g.timers_held = false;
  services_.timers.expedite(g);
  pools_.cancel(g);
  services_.dispatch.cancel_calls(g);
  if (services_.control) services_.control->cancel(g);
  if (exchanges) exchanges->cancel(g);
}

void retirements::linger(leaving_one& one) {
  auto& g = *one.g;
  g.state = generation_state::lingering;
  for (const auto& p : pins_json(g, services_.loop.now_ms(), 3)) {
    log_of("plugin")->error("{} lingers: {} made in {}, {} ms old", named_generation(g),
                            p.at("kind").get<std::string>(), printable(p.at("where").get<std::string>()),
                            p.at("age_ms").get<std::uint64_t>());
  }
  if (const auto given_up = services_.dispatch.abandon(g)) {
    log_of("plugin")->error("{}: {} requests that it did not finish are answered `unavailable`", named_generation(g),
                            given_up);
  }
}

// A count of zero alone does not prove that no thread is still on its way out of the code.
void retirements::begin_grace(leaving_one& one) {
  auto& g = *one.g;
  g.state = generation_state::grace;
  g.timers_held = true;
  one.turn = services_.loop.turns();
  one.threads = {};
  pools_.watch(one.threads);
}

void retirements::destroy(leaving_one& one) {
  auto& g = *one.g;
  g.cancelled = true;
  g.destroy();
  services_.timers.stop_all(g);
  g.state = generation_state::destroyed;
}

void retirements::unmap(generation& g) {
  ++counts_.retired;
  ++unmapping_;
  std::shared_ptr<library> lib = g.take_library();
  side_.run([this, lib = std::move(lib), name = g.name(), number = g.number()] {
    const std::string path = lib->path();
    const bool gone = lib->unmap();
    services_.loop.post([this, gone, path, name, number] {
      --unmapping_;
      if (gone) {
        ++counts_.unmapped;
        log_of("plugin")->debug("{} generation {} is unmapped", name, number);
        if (observer && observer->unmapped) observer->unmapped(name, number);
      } else {
        ++counts_.stuck;
        stuck_.push_back(name + " generation " + std::to_string(number));
        log_of("plugin")->error("{} generation {} stays mapped after its last use ({}): the loader keeps it", name,
                                number, path);
      }
    });
  });
}

std::size_t retirements::lingering() const {
  return stuck_.size() + static_cast<std::size_t>(std::count_if(leaving_.begin(), leaving_.end(), [](const auto& one) {
           return one.g->state == generation_state::lingering;
         }));
}

std::vector<const generation*> retirements::leaving() const {
  std::vector<const generation*> out;
  for (const auto& one : leaving_) out.push_back(one.g.get());
  return out;
}

std::vector<std::unique_ptr<generation>> retirements::give_back() {
  std::vector<std::unique_ptr<generation>> out;
  for (auto& one : leaving_) out.push_back(std::move(one.g));
  leaving_.clear();
  return out;
}

}  // namespace parley::host
