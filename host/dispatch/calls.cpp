// parley.call/1: a command without a session, run in a later step of the turn, answered once.
#include "host/dispatch/dispatcher.hpp"
#include "host/node/services.hpp"
#include "host/plugin/plugin_frame.hpp"

#include <optional>

namespace parley::host {

namespace {

constexpr std::uint32_t default_deadline_ms = 10000;

bool may_act_for(const plugin_config& config, std::uint64_t user) {
  if (user == 0 || config.may_act_for_anyone) return true;
  for (auto allowed : config.may_act_for) {
    if (allowed == user) return true;
  }
  return false;
}

}  // namespace

status dispatcher::call(generation& caller, const parley_call& what) {
  if (!may_act_for(caller.config(), what.principal.id)) return status::not_allowed;
  return call_from(&caller, what);
}

status dispatcher::call_from(generation* caller, const parley_call& what) {
  const auto* entry = table_->find(what.command);
  const std::string* owner = nullptr;
  if (!entry && services_.cluster) entry = find_far(what.command, owner);
  if (!entry) return table_->find_away(what.command) ? status::unavailable : status::unknown_command;

  auto [call_id, c] = calls_.emplace();
  if (caller) c.caller.take(*caller, pin_kind::call, what.origin);
  c.context = what.context;
  c.done = what.done;

  auto [id, r] = requests_.emplace();
  r.command = what.command;
  r.principal = what.principal;
  r.entry = entry;
  r.table = table_;
  r.call = call_id;
  r.body.assign(static_cast<const char*>(what.body.data), what.body.size);
  r.owns_body = true;
  r.far_deadline_ms = what.deadline_ms ? what.deadline_ms : default_deadline_ms;
  // Pinned from now: the owner must still be there when the call runs.
  if (entry->owner) r.owner.take(*entry->owner, pin_kind::request, "call");

  c.of = this;
  c.id = call_id;
  c.timer = services_.timers.start(nullptr, r.far_deadline_ms, 0, "call deadline", &c, [](void* late) {
    auto& self = *static_cast<call_state*>(late);
    self.of->answer_call(self.id, status::timeout);
  });
  services_.loop.defer([this, id = id] { run(id, {}); });
  return status::ok;
}

void dispatcher::answer_call(std::uint64_t call_id, status verdict) {
  auto* c = calls_.find(call_id);
  if (!c || !c->done) return;
  const auto done = std::exchange(c->done, nullptr);
  services_.timers.stop(c->timer);
  if (verdict == status::ok && !c->replied) verdict = status::no_target;
  const bool given_up = verdict == status::timeout || verdict == status::cancelled;
  std::optional<plugin_frame> frame;
  if (c->caller.of) frame.emplace(c->caller);  // else the host itself asked
  done(c->context, raw(c->replied && !given_up ? status::ok : verdict), c->reply_command,
       {c->reply.data(), c->reply.size()});
  services_.loop.defer([this, call_id] { calls_.erase(call_id); });
}

void dispatcher::cancel_calls(generation& caller) {
  calls_.each([&](std::uint64_t id, call_state& c) {
    if (c.caller.of == &caller) answer_call(id, status::cancelled);
  });
}

}  // namespace parley::host
