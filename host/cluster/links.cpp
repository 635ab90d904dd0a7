#include "host/cluster/links.hpp"

#include <arpa/inet.h>

#include <algorithm>

#include "host/cluster/rendezvous.hpp"
#include "host/cluster/wire.hpp"

namespace parley::host {

namespace {

constexpr std::size_t most_greeting = 64, most_refusals = 64;
constexpr std::uint64_t first_redial_ms = 50, longest_redial_ms = 500, refusal_shown_ms = 60000;

}  // namespace

links::links(loop& l, links_user& u, setting s)
    : loop_(l), user_(u), set_(std::move(s)), burying_([this] { dead_.clear(); }) {}

links::~links() {
  close();
  dead_.clear();
}

result<void> links::listen() {
  const auto fail = [&](int code) {
    return error{status::unavailable, "the listener for links cannot listen on " + set_.bind + ":" +
                                          std::to_string(set_.port) + ": " + uv_strerror(code)};
  };
  sockaddr_storage address{};
  int code = uv_ip4_addr(set_.bind.c_str(), set_.port, reinterpret_cast<sockaddr_in*>(&address));
  if (code) code = uv_ip6_addr(set_.bind.c_str(), set_.port, reinterpret_cast<sockaddr_in6*>(&address));
  if (code) return fail(code);
  socket_ = new uv_tcp_t;
  uv_tcp_init(loop_.raw(), socket_);
  socket_->data = this;
  uv_unref(reinterpret_cast<uv_handle_t*>(socket_));
  if ((code = uv_tcp_bind(socket_, reinterpret_cast<sockaddr*>(&address), 0))) return fail(code);
  code = uv_listen(reinterpret_cast<uv_stream_t*>(socket_), set_.backlog, [](uv_stream_t* s, int status) {
    if (status == 0) static_cast<links*>(s->data)->accept();
  });
  if (code) return fail(code);
  int size = sizeof address;
  uv_tcp_getsockname(socket_, reinterpret_cast<sockaddr*>(&address), &size);
  port_ = ntohs(address.ss_family == AF_INET6 ? reinterpret_cast<sockaddr_in6&>(address).sin6_port
                                              : reinterpret_cast<sockaddr_in&>(address).sin_port);
  return {};
}

void links::close() {
  closed_ = true;
  if (socket_) {
    uv_close(reinterpret_cast<uv_handle_t*>(socket_), [](uv_handle_t* h) { delete reinterpret_cast<uv_tcp_t*>(h); });
    socket_ = nullptr;
  }
  for (auto& [name, p] : peers_) {
    p->retry.stop();
    if (p->link) p->link->close();
  }
  for (auto& l : greeting_) l->close();
}

peer& links::peer_named(const std::string& name) {
  auto& p = peers_[name];
  if (!p) {
    p = std::make_unique<peer>(loop_, name, [this, name] { dial(*peers_.at(name)); });
    p->hash = name_hash(name);
  }
  return *p;
}

peer* links::by_serial(std::uint32_t serial) {
  const auto found = serials_.find(serial);
  return found != serials_.end() && found->second->open() ? found->second : nullptr;
}

peer* links::of(const node_link& l) {
  for (auto& [name, p] : peers_) {
    if (p->link.get() == &l) return p.get();
  }
  return nullptr;
}

void links::know(const std::vector<fellow_facts>& fellows) {
  for (auto& [name, p] : peers_) p->listed = false;
  for (const auto& f : fellows) {
    auto& p = peer_named(f.who.name);
    const bool moved = f.link_port != p.facts.link_port || f.link_address != p.facts.link_address ||
                       f.who.incarnation != p.facts.who.incarnation;
    p.facts = f;
    p.listed = true;
    p.handed_out = 0;
    p.incarnation = std::max(p.incarnation, f.who.incarnation);
    if (moved && !p.open()) p.attempts = 0;
    if (!p.link && (moved || p.attempts == 0)) dial(p);
  }
}

void links::forget(const std::string& name) {
  const auto found = peers_.find(name);
  if (found != peers_.end() && !found->second->link) peers_.erase(found);
}

handshake::setting links::greeting(const std::string& other) {
  return {set_.self, set_.secret, other, [this](const node_identity& who) { return admit(who); }, {}, {}};
}

void links::dial(peer& p) {
  if (closed_ || p.link || set_.self.name > p.name) return;
  if (!p.listed || p.facts.link_port == 0) {
    p.attempts = 0;  // know() dials as soon as it is listed
    return;
  }
  ++p.attempts;
  p.retry.stop();
  p.link.reset(new node_link(loop_, *this, set_.limits, greeting(p.name),
                             stream_address{p.facts.link_address, p.facts.link_port, {}}));
}

void links::redial(peer& p) {
  const auto wait = std::min(first_redial_ms << std::min(p.attempts, 8u), longest_redial_ms);
  p.retry.start(wait * 3 / 4 + uv_hrtime() / 1000 % (wait / 2));
}

void links::accept() {
  if (greeting_.size() >= most_greeting) {  // whoever has kept us waiting longest
    greeting_.front()->close();
    bury(std::move(greeting_.front()));
    greeting_.erase(greeting_.begin());
  }
  greeting_.emplace_back(
      new node_link(loop_, *this, set_.limits, greeting({}), reinterpret_cast<uv_stream_t*>(socket_)));
}

std::string links::admit(const node_identity& other) {
  const auto found = peers_.find(other.name);
  if (found != peers_.end() && other.incarnation < found->second->incarnation) {
    return "this is an old incarnation of " + other.name +
           ": a younger one was seen; if both run, two nodes have one name";
  }
  for (const auto& [name, p] : peers_) {
    if (name != other.name && (p->open() || p->lost_ms != 0) && p->number == other.number) {
      return "two nodes drew the number " + std::to_string(other.number) + ": restart " + name + " or " + other.name;
    }
  }
  return {};
}

void links::bury(std::unique_ptr<node_link> l) {
  dead_.push_back(std::move(l));
  if (!burying_.linked()) loop_.at_turn_end(burying_);
}

void links::link_open(node_link& l) {
  const auto who = l.other();
  auto& p = peer_named(who.name);
  if (p.link.get() != &l) {
    if (auto before = std::move(p.link)) {
      const bool was_open = before->was_open();
      const auto serial = before->serial();
      serials_.erase(serial);
      before->close();
      bury(std::move(before));
      if (was_open) user_.unlinked(p, serial);
    }
    const auto found = std::find_if(greeting_.begin(), greeting_.end(), [&](const auto& g) { return g.get() == &l; });
    p.link = std::move(*found);
    greeting_.erase(found);
  }
  serials_[l.serial()] = &p;
  p.retry.stop();
  p.attempts = 0;
  ++p.links;
  p.trouble.clear();
  p.incarnation = who.incarnation;
  p.number = who.number;
  p.has_said = false;
  p.notice_seen = 0;
  p.in_flight = 0;
  log_of("cluster")->info("linked with {} at {}", who.name, l.peer());
  user_.linked(p);
}

void links::link_record(node_link& l, record r, std::string_view body) {
  if (auto* p = of(l)) user_.heard(*p, r, body);
}

std::uint64_t links::notice_taken(node_link& l) {
  const auto* p = of(l);
  return p && p->has_said ? p->said.notice : 0;
}

void links::link_ponged(node_link& l, std::uint64_t notice) {
  auto* p = of(l);
  if (!p) return;
  p->notice_seen = std::max(p->notice_seen, notice);
  user_.ponged(*p);
}

void links::note_refusal(const node_link& l) {
  ++refused_;
  const auto from = l.other().name.empty() ? "a stranger" : printable(l.other().name);
  std::uint64_t suppressed = 0;
  const auto text = from + ": " + printable(l.trouble());
  if (gate_.open(text, loop_.now_ms(), suppressed)) {
    log_of("cluster")->warn("no link with {} ({} like it not logged)", text, suppressed);
  }
  if (refusals_.size() >= most_refusals) refusals_.erase(refusals_.begin());
  refusals_[from] = {printable(l.trouble()), loop_.now_ms()};
}

void links::link_lost(node_link& l) {
  auto* p = of(l);
  if (!p) {
    const auto found = std::find_if(greeting_.begin(), greeting_.end(), [&](const auto& g) { return g.get() == &l; });
    if (found == greeting_.end()) return;
    if (l.refused()) note_refusal(l);
    auto gone = std::move(*found);
    greeting_.erase(found);
    return bury(std::move(gone));
  }
  p->trouble = printable(l.trouble());
  if (l.refused()) note_refusal(l);
  serials_.erase(l.serial());
  bury(std::move(p->link));
  redial(*p);
  if (!l.was_open()) return;
  log_of("cluster")->warn("lost the link with {}: {}", p->name, p->trouble);
  user_.unlinked(*p, l.serial());
}

std::string links::trouble() const {
  std::string out;
  const auto add = [&](const std::string& text) { out += (out.empty() ? "" : "; ") + text; };
  for (const auto& [name, p] : peers_) {
    if (p->listed && !p->open()) add("no link with " + name + (p->trouble.empty() ? "" : ": " + p->trouble));
  }
  for (const auto& [from, r] : refusals_) {
    const auto p = peers_.find(from);
    const bool said = p != peers_.end() && p->second->listed && p->second->trouble == r.text;
    const bool settled = p != peers_.end() && p->second->open();
    if (!said && !settled && loop_.now_ms() - r.at_ms < refusal_shown_ms)
      add("refused a link with " + from + ": " + r.text);
  }
  return out;
}

}  // namespace parley::host
