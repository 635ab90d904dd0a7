#include "host/dispatch/dispatcher.hpp"

#include <algorithm>
#include <iterator>

#include "host/cluster/cluster.hpp"
#include "host/net/listener.hpp"
#include "host/net/wire_writer.hpp"
#include "host/node/services.hpp"
#include "host/plugin/plugin_frame.hpp"
#include "parley/bytes.hpp"

namespace parley::host {

namespace {

constexpr std::string_view out_of_service = "what serves this is out of service";
constexpr std::string_view retired_unanswered = "what was to answer this did not before it was retired";

/// Whether the listener lets the command in.
bool serves(const listener_config& config, std::uint16_t command) {
  if (config.commands.empty()) return true;
  for (const auto& [first, last] : config.commands) {
    if (command >= first && command <= last) return true;
  }
  return false;
}

/// What a peer did, and an operator wants to know; others close every day.
bool is_its_own_fault(std::string_view reason) {
  constexpr std::string_view known[] = {"bad length", "pdu too long", "slow consumer", "no login",
                                        "tls",        "no tls",       "no handshake"};
  return std::find(std::begin(known), std::end(known), reason) != std::end(known) || reason.starts_with("websocket: ");
}

}  // namespace

bool dispatcher::on_pdu(session& s, const pdu_view& pdu) {
  const auto& config = s.home->config();
  if (pdu.command == config.heartbeat && config.heartbeat) {
    services_.sessions.send_raw(s, pdu.raw);
    return true;
  }
  const auto* entry = table_->find(pdu.command);
  const std::string* owner = entry ? &entry->owner->name() : nullptr;
  if (!entry && services_.cluster) entry = find_far(pdu.command, owner);
  switch (check(s, pdu, entry, owner)) {
    case gate::pass:
      break;
    case gate::drop:
      return true;
    case gate::closed:
      return false;
  }
  auto [id, r] = requests_.emplace();
  r.session = s.id;
  r.principal = s.principal;
  r.level = s.level;
  r.command = pdu.command;
  r.seq = pdu.seq;
  r.entry = entry;
  if (entry->filters) r.table = table_;
  run(id, pdu.body);
  return !s.held;
}

dispatcher::gate dispatcher::check(session& s, const pdu_view& pdu, const dispatch_table::entry* entry,
                                   const std::string* owner) {
  if (!serves(s.home->config(), pdu.command)) entry = nullptr;
  // Of a plugin in quarantine: as if it were served, but for the answer.
  const auto* away = entry ? nullptr : table_->find_away(pdu.command);
  if (away && !serves(s.home->config(), pdu.command)) away = nullptr;
  const bool open_but_away = away && away->access == PARLEY_OPEN;
  if (!s.authenticated && !open_but_away && (!entry || entry->access != PARLEY_OPEN)) {
    ++counters_.before_login;
    log_closed(s, "command before login", pdu);
    services_.sessions.close_now(s, "command before login");
    return gate::closed;
  }
  if (!entry || entry->access == PARLEY_CALL_ONLY) {
    if (away) {
      ++counters_.out_of_service;
      refuse(s, pdu.command, pdu.seq, status::unavailable, out_of_service, 0);
      return gate::drop;
    }
    ++counters_.unknown;
    refuse(s, pdu.command, pdu.seq, status::unknown_command, {}, 0);
    return gate::drop;
  }
  if (entry->access != PARLEY_OPEN && !services_.sessions.may_use(s, *owner)) {
    ++counters_.unknown;
    refuse(s, pdu.command, pdu.seq, status::not_allowed, "this connection is for something else", 0);
    return gate::drop;
  }
  return within_rate(s, pdu) ? gate::pass : gate::drop;
}

bool dispatcher::within_rate(session& s, const pdu_view& pdu) {
  const auto& rules = s.home->config().rates;
  for (std::size_t i = 0; i < rules.size(); ++i) {
    if (rules[i].command != pdu.command || rules[i].per_second == 0) continue;
    if (!s.rates) s.rates = std::make_unique<session::rate[]>(rules.size());
    auto& r = s.rates[i];
    const auto now = services_.loop.now_ms();
    const auto second = static_cast<std::uint32_t>(now / 1000);
    if (r.second != second) r = {second, 0};
    if (++r.count <= rules[i].per_second) continue;
    ++counters_.too_fast;
    refuse(s, pdu.command, pdu.seq, status::too_fast,
           "more than " + std::to_string(rules[i].per_second) + " per second",
           static_cast<std::uint32_t>(1000 - now % 1000));
    return false;
  }
  return true;
}

// Filters first, then the owner; comes back here after each filter that had to wait.
void dispatcher::run(parley_request_id id, std::string_view body) {
  auto* r = requests_.find(id);
  for (;;) {
    const auto* filters = r->entry->filters;
    const bool filtering = filters && r->stage < filters->size();
    if (filtering && r->from_afar && seen_afar(*r, *(*filters)[r->stage].owner)) {
      ++r->stage;
      continue;
    }
    if (!filtering && !r->entry->owner) return forward(id, body);
    auto* owner = filtering ? (*filters)[r->stage].owner : r->entry->owner;
    auto* function = filtering ? (*filters)[r->stage].call : r->entry->handle;
    r->owner.take(*owner, pin_kind::request, "command");
    ++owner->calls;
    parley_request raw{};
    raw.size = sizeof raw;
    raw.command = r->command;
    raw.seq = r->seq;
    raw.id = id;
    raw.session = r->session;
    raw.principal = r->principal;
    raw.level = r->level;
    raw.flags = r->call || r->far_call ? PARLEY_REQUEST_CALL : 0;
    raw.body = bytes(r->owns_body ? std::string_view(r->body) : body);
    if (auto* s = services_.sessions.find(r->session)) {
      raw.peer = bytes(s->peer_text);
      if (s->websocket) raw.flags |= PARLEY_REQUEST_WEBSOCKET;
      if (s->tls) raw.flags |= PARLEY_REQUEST_TLS;
    } else if (r->from_afar && services_.cluster) {
      raw.peer = bytes(services_.cluster->peer_of(r->session));
      raw.flags |= r->far_transport;
    }
    r->finished = false;
    r->running = true;
    const auto verdict = [&] {
      const plugin_frame frame(*owner, "command", r->command);
      if (frame.began_ns() && !r->began_ns) [[unlikely]] {
        r->began_ns = frame.began_ns();
        r->weight = frame.weight();
      }
      return static_cast<status>(function(owner->instance(), &raw));
    }();
    r->running = false;
    if (verdict == status::pending) {
      if (!r->finished) {
        park(*r, body);
        // A filter let it come to a generation whose time was up already.
        if (owner->state == generation_state::lingering) abandon(*r);
        return;
      }
    } else {
      r->verdict = verdict;
    }
    if (!filtering || r->verdict != status::ok) return complete(id, *r);
    ++r->stage;
  }
}

void dispatcher::park(request_state& r, std::string_view body) {
  r.pending = true;
  auto* s = services_.sessions.find(r.session);
  if (s && !r.counted) {
    r.counted = true;
    services_.sessions.request_waits(*s);
  }
  const bool filtering = r.entry->filters && r.stage < r.entry->filters->size();
  if (!filtering) {
    r.entry = nullptr;  // the table may be swapped meanwhile
    return;
  }
  // It finishes on the generations that it began with, whatever replaces them meanwhile.
  if (!r.ahead) {
    const auto& path = *r.entry->filters;
    r.ahead = std::make_unique<pin[]>(path.size() - r.stage);
    for (std::size_t i = r.stage + 1; i < path.size(); ++i) {
      r.ahead[i - r.stage].take(*path[i].owner, pin_kind::request, "waits in a filter");
    }
    if (r.entry->owner) r.ahead[0].take(*r.entry->owner, pin_kind::request, "waits in a filter");
  }
  if (!r.owns_body) {
    r.body.assign(body);
    r.owns_body = true;
  }
  if (s) {
    services_.sessions.hold(*s);
    r.holding = true;
  } else if (r.from_afar && services_.cluster) {
    services_.cluster->hold(r.session);
    r.holding = true;
  }
}

void dispatcher::let_go(parley_session_id held) {
  if (auto* s = services_.sessions.find(held)) return services_.sessions.release(*s);
  if (services_.cluster) services_.cluster->release(held);
}

void dispatcher::finish(parley_request_id id, status verdict, parley_bytes text, std::uint32_t retry_after_ms) {
  auto* r = requests_.find(id);
  if (!r || r->finished) return;
  if (r->abandoned) ++counters_.late;
  r->verdict = verdict == status::pending ? status::fault : verdict;
  r->finished = true;
  if (text.size) explain(id, text, retry_after_ms);
  if (r->running) return;
  // Called from a plugin frame: the pin goes when that frame has returned.
  if (finished_.empty()) services_.loop.defer([this] { resume_finished(); });
  finished_.push_back(id);
}

void dispatcher::resume_finished() {
  std::vector<parley_request_id> done;
  done.swap(finished_);
  for (auto id : done) {
    auto* r = requests_.find(id);
    if (!r) continue;
    if (r->abandoned) {
      requests_.erase(id);
      --abandoned_;
      continue;
    }
    r->pending = false;
    const bool filtering = r->entry && r->entry->filters && r->stage < r->entry->filters->size();
    const auto session_id = r->session;
    const bool holding = std::exchange(r->holding, false);
    if (filtering && r->verdict == status::ok) {
      ++r->stage;
      run(id, {});
    } else {
      complete(id, *r);
    }
    if (holding) let_go(session_id);
  }
}

// Counts how it ended, and tells a client that has no reply.
void dispatcher::conclude(request_state& r) {
  ++counters_.handled;
  if (r.began_ns && r.owner.of) [[unlikely]]
    r.owner.of->account.latencies.add(account::now_ns() - r.began_ns, r.weight);
  if (r.verdict != status::ok) {
    ++counters_.failed;
    if (r.verdict == status::malformed) ++counters_.malformed;
    if (r.verdict == status::fault && r.owner.of) ++r.owner.of->errors;
    if (!r.replied && !r.call) {
      if (auto* s = services_.sessions.find(r.session)) {
        refuse(*s, r.command, r.seq, r.verdict, r.explanation, r.retry_after_ms);
        // A stranger cannot be told otherwise that what it wants is away.
        const bool away = r.verdict == status::unavailable || r.verdict == status::timeout || r.verdict == status::busy;
        if (away && r.far_plugin && !s->authenticated) services_.sessions.close_after_flush(*s, "unavailable");
      }
    }
  }
  if (!r.is_far || !services_.cluster) return;
  if (r.origin_link) services_.cluster->finish(r.origin_link, r.origin, r.verdict, r.explanation, r.retry_after_ms);
  if (r.far_link) services_.cluster->ended(r.session, r.far_plugin, r.far_link);
}

void dispatcher::complete(parley_request_id id, request_state& r) {
  conclude(r);
  const auto call_id = r.call;
  const auto verdict = r.verdict;
  const auto counted = r.counted ? r.session : 0;
  requests_.erase(id);
  if (call_id) answer_call(call_id, verdict);
  if (auto* s = counted ? services_.sessions.find(counted) : nullptr) services_.sessions.request_done(*s);
}

std::size_t dispatcher::abandon(generation& owner) {
  const auto waits = [&](const request_state& r) {
    return r.owner.of == &owner && r.pending && !r.finished && !r.abandoned;
  };
  std::vector<parley_request_id> waiting;
  requests_.each([&](parley_request_id id, request_state& r) {
    if (waits(r)) waiting.push_back(id);
  });
  std::size_t given_up_now = 0;
  for (auto id : waiting) {
    auto* r = requests_.find(id);
    if (!r || !waits(*r)) continue;  // who was answered before it has finished it
    abandon(*r);
    ++given_up_now;
  }
  return given_up_now;
}

// Callers and later commands of the session run in here. The slot stays: its owner has not finished it.
void dispatcher::abandon(request_state& r) {
  r.abandoned = true;
  ++abandoned_;
  ++counters_.abandoned;
  r.verdict = status::unavailable;
  r.explanation = retired_unanswered;
  r.retry_after_ms = 0;
  conclude(r);
  r.entry = nullptr;
  r.table.reset();
  r.ahead.reset();
  std::string().swap(r.explanation);
  std::string().swap(r.body);
  const auto session_id = r.session;
  const bool counted = std::exchange(r.counted, false);
  const bool holding = std::exchange(r.holding, false);
  if (const auto call_id = std::exchange(r.call, 0)) answer_call(call_id, status::unavailable);
  if (auto* s = counted ? services_.sessions.find(session_id) : nullptr) services_.sessions.request_done(*s);
  if (holding) let_go(session_id);
}

void dispatcher::refuse(session& s, std::uint16_t command, std::uint16_t seq, status code, std::string_view text,
                        std::uint32_t retry_after_ms) {
  if (s.level < 1) return;
  wire_writer w;
  w.number(1, command)
      .number(2, refused_code(code))
      .text(3, text.empty() ? to_string(code) : text)
      .number(4, retry_after_ms);
  ++counters_.refused_sent;
  services_.sessions.send(s, refused_command_, seq, bytes(w.bytes()));
}

status dispatcher::reply(parley_request_id id, std::uint16_t command, parley_bytes body) {
  auto* r = requests_.find(id);
  if (!r) return status::closed;
  if (r->abandoned) {
    ++counters_.late;
    return status::closed;
  }
  if (r->from_afar) {
    r->replied = true;
    return services_.cluster ? services_.cluster->reply(r->origin_link, r->origin, command, body) : status::closed;
  }
  if (r->call) {
    auto* c = calls_.find(r->call);
    if (!c) return status::closed;
    if (!c->replied) {
      c->replied = true;
      c->reply_command = command;
      c->reply.assign(static_cast<const char*>(body.data), body.size);
    }
    return status::ok;
  }
  auto* s = services_.sessions.find(r->session);
  if (!s) return status::closed;
  r->replied = true;
  return services_.sessions.send(*s, command, r->seq, body);
}

void dispatcher::explain(parley_request_id id, parley_bytes text, std::uint32_t retry_after_ms) {
  auto* r = requests_.find(id);
  if (!r || r->abandoned) return;
  r->explanation.assign(static_cast<const char*>(text.data), std::min<std::size_t>(text.size, 512));
  r->retry_after_ms = retry_after_ms;
}

status dispatcher::replace_body(parley_request_id id, parley_bytes body) {
  auto* r = requests_.find(id);
  if (!r || r->abandoned) return status::closed;
  r->body.assign(static_cast<const char*>(body.data), body.size);
  r->owns_body = true;
  return status::ok;
}

std::size_t dispatcher::bytes_held(const generation& g) {
  std::size_t bytes = 0;
  requests_.each([&](parley_request_id, request_state& r) {
    if (r.owner.of == &g) bytes += r.body.size() + r.explanation.size();
  });
  calls_.each([&](std::uint64_t, call_state& c) {
    if (c.caller.of == &g) bytes += c.reply.size();
  });
  return bytes;
}

void dispatcher::log_closed(const session& s, const char* what, const pdu_view& pdu) {
  std::uint64_t suppressed = 0;
  if (!log_gate_.open(s.peer_text + what, services_.loop.now_ms(), suppressed)) return;
  log_of("dispatch")
      ->info("session {} from {} closed: {} {:#06x} ({} like it not logged)", s.id, s.peer_text, what, pdu.command,
             suppressed);
}

void dispatcher::on_authenticated(session& s) {
  if (services_.cluster) services_.cluster->session_authenticated(s);
  if (!services_.events.heard_here("session.opened")) return;
  wire_writer w;
  w.number(1, s.id)
      .number(2, s.principal.id)
      .number(3, s.principal.tag)
      .number(4, services_.loop.wall_ms())
      .text(5, services_.node_name)
      .text(6, s.peer_text);
  services_.events.publish_here("session.opened", bytes(w.bytes()));
}

void dispatcher::on_closed(session& s) {
  std::uint64_t suppressed = 0;
  const std::string_view reason = s.close_reason;
  if (is_its_own_fault(reason) && log_gate_.open(s.peer_text + s.close_reason, services_.loop.now_ms(), suppressed)) {
    const bool sealed = s.tls && !s.tls->reason().empty();
    log_of("net")->info("session {} from {} closed: {}{}{} ({} like it not logged)", s.id, s.peer_text, reason,
                        sealed ? ": " : "", sealed ? s.tls->reason() : "", suppressed);
  }
  if (services_.cluster) services_.cluster->session_left(s);
  if (!s.authenticated || !services_.events.heard_here("session.closed")) return;
  wire_writer w;
  w.number(1, s.id)
      .number(2, s.principal.id)
      .number(3, s.principal.tag)
      .number(4, services_.loop.wall_ms())
      .text(5, services_.node_name)
      .text(6, reason);
  services_.events.publish_here("session.closed", bytes(w.bytes()));
}

}  // namespace parley::host
