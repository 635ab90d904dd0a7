// Events to where somebody listens, once to each node, at most once.
#include "host/cluster/cluster.hpp"
#include "host/cluster/rendezvous.hpp"
#include "host/node/services.hpp"
#include "parley/bytes.hpp"

namespace parley::host {

namespace {
constexpr std::size_t longest_event = 1 << 20, longest_event_name = 256;
}

// A plugin on a node that drains is nobody's any more, unless there is no other.
bool cluster::responsible(const std::string& plugin, std::uint64_t key) const {
  const auto hash = name_hash(plugin);
  const auto own = rendezvous_weight(key, hash, name_hash(services_.node_name));
  for (const auto& [number, p] : by_number_) {
    if (!p->open() || p->said.draining || !p->said.has(plugin)) continue;
    if (draining_ || rendezvous_weight(key, hash, p->hash) > own) return false;
  }
  return true;
}

// Who publishes is not known here: its own kind may be all that listens, and then the encoding was in vain.
bool cluster::heard(std::string_view event) const {
  for (const auto& [number, p] : by_number_) {
    if (p->open() && p->said.hears(event, {})) return true;
  }
  return false;
}

void cluster::carry(std::string_view event, std::string_view publisher, std::string_view body) {
  std::string record;
  for (const auto& [number, p] : by_number_) {
    if (!p->open() || body.size() > longest_event || !p->said.hears(event, publisher)) continue;
    // An event may be missed; an answer may not.
    if (p->link->queued() > p->link->limits().queue / 2) continue;
    if (record.empty()) record = record_writer().text(publisher).text(event).text(body).bytes();
    if (p->link->send(record::event, record)) ++counters_.events_out;
  }
}

void cluster::on_event(record_reader& in) {
  const auto publisher = in.text(longest_event_name);
  const auto event = in.text(longest_event_name);
  const auto body = in.text(longest_event);
  if (!in.ok()) return;
  ++counters_.events_in;
  services_.events.publish_here(event, bytes(body), publisher);
}

}  // namespace parley::host
