// Replacing plugins while they serve: one change at a time, never on a plugin's own stack.
//
//   asked -> queued -> preparing (beside the loop) -> created -> self-tested -> swapped, in one turn
//                          |                             |            |
//                          +---------> refused <---------+------------+      the old generations serve on
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "host/node/plugin_set.hpp"
#include "host/node/prepare.hpp"
#include "host/node/retirements.hpp"

namespace parley::host {

/// What somebody wants to be different.
struct plugin_change {
  /// From the manifest as it is when the change begins to the one that is to be; may say who else is to be made. Null:
  /// it stays. [worker]: it may block.
  std::function<result<std::shared_ptr<const manifest>>(const manifest& now, std::vector<std::string>& make)> edit;
  std::vector<std::string> make;  // plugins that get a new generation: reloaded, or loaded when they are new
  std::string back;               // or: the plugin to go back with
  bool only_changed = false;      // leaves out whose file is the one that runs
};

/// One plugin's part of a change that happened.
struct swapped_plugin {
  std::string name;
  std::uint32_t from = 0;     // generation; 0: it is new
  std::uint32_t to = 0;       // generation; 0: it is gone
  std::size_t in_flight = 0;  // on `from`, when it was swapped
};

struct change_report {
  std::vector<swapped_plugin> swapped;
  std::uint64_t ms = 0;  // from the request to the swap
  nlohmann::ordered_json to_json() const;
  /// "echo 2 -> 3 in 84 ms, 12 calls in flight"
  std::string to_string() const;
};

/// [loop]
class lifecycle {
 public:
  using done = std::function<void(const result<change_report>&)>;

  lifecycle(node_services& services, pools& p, plugin_set& plugins, std::string executable);
  lifecycle(const lifecycle&) = delete;
  ~lifecycle();

  /// The plugins of this manifest serve.
  void begin(const manifest& m);
  /// Queues a change. One that waits for the same reload is joined: both are told. `when_done` is called once, in a
  /// later turn.
  void ask(plugin_change change, done when_done);
  void reload(const std::string& name, done when_done) { ask({nullptr, {name}, {}, false}, std::move(when_done)); }
  /// No more changes; what is on its way out is handed to the plugin set.
  void stop();

  const std::shared_ptr<const manifest>& current() const { return current_; }
  /// Every generation that can still have something in flight: active, previous, on its way out.
  std::vector<const generation*> loaded() const;
  /// Of each loaded generation: state, probation, what is in flight.
  nlohmann::ordered_json generations_json() const;
  nlohmann::ordered_json counts_json() const;
  /// The HTTP routes when these serve. Set once, before begin(). [any]
  std::function<std::vector<route>(const std::vector<generation*>& active, const away_plugins& away)> routes_of;
  /// May be set once, before begin().
  generation_observer observer;
  retirements& leaving() { return retirements_; }

 private:
  struct operation {
    plugin_change change;
    std::shared_ptr<const manifest> target;  // from its beginning on
    std::vector<done> waiting;
    std::uint64_t asked_ms = 0;
  };
  struct fallback {
    std::unique_ptr<generation> previous;
    plugin_state saved;  // what `previous` handed over
    std::uint64_t ends_ms = 0;
  };
  struct replacement {
    std::unique_ptr<generation> fresh;
    generation* old = nullptr;
    plugin_state state;
  };

  void next();
  void start();
  void begin_preparing(std::shared_ptr<const manifest> target);
  void prepared(result<std::vector<prepared_plugin>> outcome);
  void after_tests();
  void make_tables();
  void swap(std::vector<replacement> made, std::vector<generation*> active, serving tables);
  void give_up(const error& why);
  void go_back();
  result<void> hand_over(replacement& r);
  result<serving> tables_of(const std::vector<generation*>& active, const away_plugins& away) const;
  void serve(const std::vector<generation*>& active, serving& tables);
  void begin_probation(generation& now, std::unique_ptr<generation> old, plugin_state saved);
  void end_probation(const std::string& name);
  void retire(std::unique_ptr<generation> g);
  void refuse(const error& why);
  void finish(change_report report, serving before);
  void tell(const result<change_report>& outcome);
  void keep_stepping();
  void step();
  error lingering_error() const;

  node_services& services_;
  pools& pools_;
  plugin_set& plugins_;
  std::string executable_;
  std::shared_ptr<const manifest> current_;
  std::deque<operation> queue_;  // the first is under way when busy_
  bool busy_ = false;
  bool stopped_ = false;
  std::map<std::string, std::uint32_t> numbers_;  // the last given
  std::map<std::string, fallback> fallbacks_;
  std::vector<replacement> made_;  // they test themselves
  std::uint64_t tests_end_ms_ = 0;
  std::uint64_t testing_ = 0;  // timer id
  std::uint64_t ticking_ = 0;  // timer id
  std::uint64_t reloads_ = 0;
  std::uint64_t refused_ = 0;
  std::uint64_t rollbacks_ = 0;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);  // for what is posted
  side_thread side_;
  retirements retirements_;
};

}  // namespace parley::host
