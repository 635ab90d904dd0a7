// Our sessions told to all, and theirs told to us.
#include "host/cluster/cluster.hpp"
#include "host/net/wire_writer.hpp"
#include "host/node/services.hpp"
#include "parley/bytes.hpp"

namespace parley::host {

namespace {

enum : std::uint64_t { begins = 1, ends = 2 };  // an account of everything
enum : std::uint64_t { came = 1, went = 2 };

constexpr std::size_t portion = 128 << 10;  // bytes of changes in a record
constexpr std::size_t at_once = 5000;       // departures told in one tick

// Each change is a text of fields of its own, which may grow at its end as records do.
std::string change_came(const session& s) {
  record_writer w;
  w.number(came).number(s.id).number(s.principal.id).number(s.principal.tag).number(s.principal.flags);
  w.number(s.level).text(s.peer_text);
  return record_writer().text(w.bytes()).take();
}

std::string change_went(const session& s) {
  record_writer w;
  w.number(went).number(s.id).text(std::string_view(s.close_reason).substr(0, 256));
  return record_writer().text(w.bytes()).take();
}

std::string with_flags(std::uint64_t flags, std::string_view changes) {
  record_writer w;
  w.number(flags);
  return w.take().append(changes);
}

}  // namespace

void cluster::session_authenticated(const session& s) {
  changes_ += change_came(s);
  if (!telling_.linked()) services_.loop.at_turn_end(telling_);
}

void cluster::session_left(const session& s) {
  if (s.far) {
    record_writer gone;
    gone.number(s.id);
    for (const auto serial : s.far->introduced) {
      if (auto* p = links_.by_serial(serial)) p->link->send(record::gone, gone.bytes());
    }
  }
  if (!s.authenticated) return;
  changes_ += change_went(s);
  if (!telling_.linked()) services_.loop.at_turn_end(telling_);
}

void cluster::send_changes() {
  const auto changes = std::exchange(changes_, {});
  if (changes.empty()) return;
  const auto body = with_flags(0, changes);
  for (auto& [name, p] : links_.peers()) {
    if (p->open()) p->link->send(record::directory, body);
  }
}

void cluster::send_account(peer& p) {
  send_changes();  // what is told below must not be told again
  std::string changes;
  std::uint64_t flags = begins;
  services_.sessions.each([&](session& s) {
    if (s.authenticated && s.state == session_state::open) changes += change_came(s);
    if (changes.size() < portion) return;
    p.link->send(record::directory, with_flags(std::exchange(flags, 0), std::exchange(changes, {})));
  });
  p.link->send(record::directory, with_flags(flags | ends, changes));
}

void cluster::on_directory(peer& p, record_reader& in) {
  const auto flags = in.number();
  if (flags & begins) {
    p.first_account = directory_.of_node(p.number) == 0;
    directory_.begin_account(p.number);
  }
  while (in.ok() && !in.at_end()) {
    record_reader change(in.text());
    if (in.ok() && !told_of(p, change)) return note_broken(p, record::directory);
  }
  if (!in.ok() || !(flags & ends)) return;
  p.first_account = false;
  directory_.end_account(p.number, [&](const auto& e) { publish_closed(e, p.name, "link lost"); });
}

/// False when it cannot be read. What a newer build tells beside coming and going is passed over.
bool cluster::told_of(peer& p, record_reader& in) {
  const auto what = in.number();
  const auto session = in.number();
  const bool its_own = session >> 48 == p.number;
  if (what == came) {
    directory::entry e;
    e.session = session;
    e.principal.id = in.number();
    e.principal.tag = in.number32();
    e.principal.flags = in.number32();
    e.level = in.number32();
    const auto address = in.text(256);
    if (!in.ok()) return false;
    counters_.stale += !its_own;
    if (its_own && directory_.add(session, e.principal, e.level)) publish_opened(e, p.name, address, p.first_account);
  } else if (what == went) {
    const auto reason = in.text(256);
    if (!in.ok()) return false;
    counters_.stale += !its_own;
    if (!its_own) return true;
    visitors_.erase(session);
    if (const auto e = directory_.remove(session)) publish_closed(*e, p.name, reason);
  }
  return in.ok();
}

void cluster::depart() {
  while (!departing_.empty()) {
    const auto& d = departing_.front();
    if (directory_.forget(d.number, at_once, [&](const auto& e) { publish_closed(e, d.node, "node lost"); })) return;
    departing_.pop_front();
  }
}

// As the dispatcher tells of sessions here.
void cluster::publish_opened(const directory::entry& e, std::string_view node, std::string_view address,
                             bool was_there) {
  if (!services_.events.heard_here("session.opened")) return;
  wire_writer w;
  w.number(1, e.session).number(2, e.principal.id).number(3, e.principal.tag).number(4, services_.loop.wall_ms());
  w.text(5, node).text(6, printable(address));
  if (was_there) w.number(7, 1);
  services_.events.publish_here("session.opened", bytes(w.bytes()));
}

void cluster::publish_closed(const directory::entry& e, std::string_view node, std::string_view reason) {
  if (!services_.events.heard_here("session.closed")) return;
  wire_writer w;
  w.number(1, e.session).number(2, e.principal.id).number(3, e.principal.tag).number(4, services_.loop.wall_ms());
  w.text(5, node).text(6, printable(reason));
  services_.events.publish_here("session.closed", bytes(w.bytes()));
}

}  // namespace parley::host
