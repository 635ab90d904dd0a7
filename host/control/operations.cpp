// parley.operate/1: verbs that a plugin runs. Begun in a later step of the turn, answered once.
#include <algorithm>

#include "host/control/control_server.hpp"
#include "host/node/services.hpp"
#include "host/plugin/plugin_frame.hpp"
#include "parley/bytes.hpp"

namespace parley::host {

using json = nlohmann::ordered_json;

namespace {

constexpr std::size_t most_at_once = 1024;
constexpr std::uint32_t usual_deadline_ms = 30000;

bool may_operate(const plugin_config& config, std::string_view verb) {
  const auto word = verb.substr(0, verb.find(' '));
  return config.may_operate_all ||
         std::find(config.may_operate.begin(), config.may_operate.end(), word) != config.may_operate.end();
}

/// Plain values: what is nested deeper is left out while it is read.
json arguments(std::string_view text) {
  if (text.empty()) return json::object();
  constexpr int most_depth = 1;
  const auto shallow = [](int depth, json::parse_event_t, json&) { return depth <= most_depth; };
  return json::parse(text, shallow, false);
}

}  // namespace

status control_server::operate(generation& caller, const parley_operation& what) {
  std::string name(view(what.verb));
  if (!may_operate(caller.config(), name)) {
    caller.log().warn("wants the verb {}, which `may_operate` in the manifest does not grant it", printable(name));
    return status::not_allowed;
  }
  if (operations_.size() >= most_at_once) return status::busy;
  auto [id, o] = operations_.emplace();
  o.caller.take(caller, pin_kind::call, what.origin);
  o.of = this;
  o.id = id;
  o.context = what.context;
  o.progress = what.progress;
  o.done = what.done;
  o.timer = services_.timers.start(
      nullptr, what.deadline_ms ? what.deadline_ms : usual_deadline_ms, 0, "verb deadline", &o, [](void* late) {
        const auto& self = *static_cast<operation*>(late);
        self.of->end(self.id, status::timeout, "the verb did not end in time; it may still be at work");
      });
  services_.loop.defer([this, id = id, name = std::move(name), text = std::string(view(what.args))] {
    const auto* waiting = operations_.find(id);
    if (!waiting || !waiting->done) return;
    const auto args = arguments(text);
    if (!args.is_object()) return end(id, status::malformed, name + ": the arguments have to be a JSON object");
    run({0, id}, name, args);
  });
  return status::ok;
}

void control_server::end(std::uint64_t id, status code, std::string_view text) {
  auto* o = operations_.find(id);
  if (!o || !o->done) return;
  const auto done = std::exchange(o->done, nullptr);
  services_.timers.stop(o->timer);
  {
    const plugin_frame frame(o->caller);
    done(o->context, raw(code), bytes(text));
  }
  services_.loop.defer([this, id] { operations_.erase(id); });
}

status control_server::tell_progress(std::uint64_t id, std::string_view line) {
  auto* o = operations_.find(id);
  if (!o || !o->done) return status::closed;
  if (!o->progress) return status::ok;
  const plugin_frame frame(o->caller);
  o->progress(o->context, bytes(line));
  return status::ok;
}

}  // namespace parley::host
