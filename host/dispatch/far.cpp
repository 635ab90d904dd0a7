// Commands that plugins of other nodes serve, and theirs that plugins here serve.
#include <algorithm>

#include "host/cluster/cluster.hpp"
#include "host/dispatch/dispatcher.hpp"
#include "host/node/services.hpp"
#include "host/plugin/generation.hpp"
#include "parley/bytes.hpp"

namespace parley::host {

namespace {

constexpr std::string_view node_was_lost = "the node that serves this was lost";
constexpr std::string_view nobody_there = "no node that serves this can be reached";
constexpr std::string_view not_in_time = "the node that serves this did not answer in time";
constexpr std::string_view link_is_full = "too much waits for the node that serves this";
constexpr std::string_view not_here = "no plugin of this node serves this (any more)";

}  // namespace

// What is out of service here is not looked for elsewhere: the operator took it away.
const dispatch_table::entry* dispatcher::find_far(std::uint16_t command, const std::string*& owner) const {
  const auto* far = table_->find_away(command) ? nullptr : services_.cluster->find(command);
  if (!far) return nullptr;
  owner = &services_.cluster->plugin_name(*far);
  return &table_->far_entry(command, far->access);
}

// Filters here have passed it.
void dispatcher::forward(parley_request_id id, std::string_view body) {
  auto* r = requests_.find(id);
  auto* s = services_.sessions.find(r->session);
  far_request out;
  out.id = id;
  out.from = s;
  out.principal = r->principal;
  out.level = r->level;
  out.command = r->command;
  out.seq = r->seq;
  out.body = r->owns_body ? std::string_view(r->body) : body;
  out.deadline_ms = r->far_deadline_ms;
  if (r->entry->filters) {
    for (const auto& f : *r->entry->filters) out.filters.push_back(f.owner->name());
  }
  const bool gone = !r->call && !s;  // it left while a filter waited
  const auto sent = gone || !services_.cluster ? cluster::sent{status::closed, 0, 0} : services_.cluster->forward(out);
  r->owner.release();
  r->entry = nullptr;
  r->is_far = true;
  r->far_plugin = sent.plugin;
  r->far_link = sent.link;
  if (sent.outcome != status::ok) {
    r->verdict = sent.outcome;
    r->explanation = sent.outcome == status::busy ? link_is_full : nobody_there;
    return complete(id, *r);
  }
  r->running = r->finished = false;
  r->pending = true;
  std::string().swap(r->body);
  r->owns_body = false;
  if (s && !r->counted) {
    r->counted = true;
    services_.sessions.request_waits(*s);
  }
}

bool dispatcher::seen_afar(const request_state& r, const generation& filter) const {
  return std::find(r.filtered.begin(), r.filtered.end(), filter.name()) != r.filtered.end();
}

void dispatcher::serve(far_work& w) {
  const auto* entry = table_->find(w.command);
  if (!entry || (entry->access == PARLEY_CALL_ONLY && !w.call)) {
    return services_.cluster->finish(w.link, w.origin, status::unavailable, not_here, 0);
  }
  // The other node asks by what it was told of the command, which may be older than this build.
  if (!w.call && entry->access != PARLEY_OPEN && w.principal.id == 0) {
    return services_.cluster->finish(w.link, w.origin, status::not_allowed, {}, 0);
  }
  auto [id, r] = requests_.emplace();
  r.session = w.session;
  r.principal = w.principal;
  r.level = w.level;
  r.command = w.command;
  r.seq = w.seq;
  r.entry = entry;
  if (entry->filters) r.table = table_;
  r.is_far = r.from_afar = true;
  r.far_call = w.call;
  r.far_transport = w.websocket ? PARLEY_REQUEST_WEBSOCKET : 0;
  r.origin_link = w.link;
  r.origin = w.origin;
  r.filtered = std::move(w.filters);
  run(id, w.body);
}

status dispatcher::far_reply(parley_request_id id, std::uint16_t command, parley_bytes body) {
  const auto* r = requests_.find(id);
  return r && r->far_link && !r->finished ? reply(id, command, body) : status::closed;
}

bool dispatcher::far_finish(parley_request_id id, status verdict, std::string_view text, std::uint32_t retry_after_ms) {
  const auto* r = requests_.find(id);
  if (!r || !r->far_link || r->finished) return false;
  finish(id, verdict, bytes(text), retry_after_ms);
  return true;
}

bool dispatcher::far_expired(parley_request_id id) {
  return far_finish(id, status::timeout, not_in_time, 0);
}

void dispatcher::link_lost(std::uint32_t link) {
  std::vector<parley_request_id> lost;
  requests_.each([&](parley_request_id id, request_state& r) {
    if (r.far_link == link && !r.finished) lost.push_back(id);
    if (r.origin_link == link) r.origin_link = 0;
  });
  for (const auto id : lost) far_finish(id, status::unavailable, node_was_lost, 0);
  services_.cluster->note_lost(lost.size());
}

}  // namespace parley::host
