#include "host/cluster/handshake.hpp"

#include "host/cluster/wire.hpp"

namespace parley::host {

namespace {

constexpr std::size_t longest_node_name = 64, longest_nonce = 64, longest_refusal = 512;

void put_who(record_writer& w, const node_identity& who) {
  w.text(who.name).number(who.incarnation).number(who.number);
}

node_identity read_identity(record_reader& r) {
  node_identity out;
  out.name = std::string(r.text(longest_node_name));
  out.incarnation = r.number();
  out.number = r.number16();
  return out;
}

}  // namespace

void handshake::begin() {
  facts_.dialer = set_.self;
  facts_.dialer_nonce = make_nonce();
  asked_ = true;
  asked_ms_ = set_.now_ms();
  record_writer w;
  w.number(link_version);
  put_who(w, set_.self);
  w.text(set_.other).text(facts_.dialer_nonce).number(asked_ms_);
  set_.send(record::hello, w.bytes());
}

void handshake::take(record r, std::string_view body) {
  if (state_ != state::waiting) return;
  if (r == record::refusal) {
    record_reader in(body);
    trouble_ = "it refuses: " + std::string(in.text(longest_refusal));
    state_ = state::refused;
  } else if (r == record::hello && !dialer() && !asked_) {
    take_hello(body);
  } else if (r == record::challenge && dialer() && facts_.accepter_nonce.empty()) {
    take_challenge(body);
  } else if (r == record::proof && asked_ && !facts_.accepter_nonce.empty() && !facts_.dialer_nonce.empty()) {
    take_proof(body);
  } else {
    refuse("record " + std::to_string(raw(r)) + " has no place in the handshake");
  }
}

// The version stands first, so that what another one puts behind it does not matter.
bool handshake::acceptable(std::uint64_t version, const node_identity& other) {
  if (version != link_version) {
    refuse("the versions of the link protocol differ, " + std::to_string(link_version) + " at " + set_.self.name +
           " and " + std::to_string(version) + " at the other: upgrade the older node");
  } else if (other.name.empty() || other.incarnation == 0 || other.number == 0) {
    refuse("a node has to say who it is");
  } else if (other.name == set_.self.name) {
    refuse("two nodes are named " + other.name + ": rename one of them");
  } else if (other.number == set_.self.number) {
    refuse("two nodes drew the number " + std::to_string(other.number) + ": restart one of them");
  }
  return state_ == state::waiting;
}

void handshake::take_hello(std::string_view body) {
  record_reader in(body);
  const auto version = in.number();
  facts_.dialer = read_identity(in);
  const auto wanted = in.text(longest_node_name);
  facts_.dialer_nonce = std::string(in.text(longest_nonce));
  if (version == link_version && (!in.ok() || facts_.dialer_nonce.size() < 16)) return refuse("the hello is broken");
  if (!acceptable(version, facts_.dialer)) return;
  if (wanted != set_.self.name) {
    return refuse("this is " + set_.self.name + ", not " + std::string(wanted) + ": two nodes advertise one address");
  }
  facts_.accepter = set_.self;
  facts_.accepter_nonce = make_nonce();
  asked_ = true;
  asked_ms_ = set_.now_ms();
  record_writer w;
  w.number(link_version);
  put_who(w, set_.self);
  w.text(facts_.accepter_nonce).number(asked_ms_);
  set_.send(record::challenge, w.bytes());
}

void handshake::take_challenge(std::string_view body) {
  record_reader in(body);
  const auto version = in.number();
  facts_.accepter = read_identity(in);
  facts_.accepter_nonce = std::string(in.text(longest_nonce));
  const auto stamp = in.number();
  if (version == link_version && (!in.ok() || facts_.accepter_nonce.size() < 16)) {
    return refuse("the challenge is broken");
  }
  if (!acceptable(version, facts_.accepter)) return;
  if (facts_.accepter.name != set_.other) {
    return refuse("that is " + facts_.accepter.name + ", not " + set_.other + ": two nodes advertise one address");
  }
  clock_.answered(asked_ms_, stamp);
  record_writer w;
  w.text(prove(set_.secret, true, facts_)).number(set_.now_ms());
  set_.send(record::proof, w.bytes());
}

void handshake::take_proof(std::string_view body) {
  record_reader in(body);
  const auto given = in.text();
  const auto stamp = in.number();
  if (!in.ok() || !same_proof(given, prove(set_.secret, !dialer(), facts_))) return refuse("the secrets differ");
  if (auto why = set_.admit(other()); !why.empty()) return refuse(std::move(why));
  if (!dialer()) {
    clock_.answered(asked_ms_, stamp);
    record_writer w;
    w.text(prove(set_.secret, false, facts_)).number(set_.now_ms());
    set_.send(record::proof, w.bytes());
  }
  state_ = state::open;
}

void handshake::refuse(std::string why) {
  record_writer w;
  w.text(why);
  set_.send(record::refusal, w.bytes());
  told_ = true;
  state_ = state::refused;
  trouble_ = std::move(why);
}

}  // namespace parley::host
