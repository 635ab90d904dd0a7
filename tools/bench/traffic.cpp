#include "bench/traffic.hpp"

#include <algorithm>
#include <parley/commands.hpp>
#include <unordered_map>
#include <utility>

#include "IM.Buddy.pb.h"
#include "Parley.Host.pb.h"

namespace parley::bench {
namespace {

constexpr std::uint32_t seqs = 0x7fff;  // messages use seq 1 to 0x7fff, everything else those above
constexpr std::uint16_t people_seq = 0x8000;
constexpr std::uint64_t silence_ns = 6'000'000'000;
constexpr std::uint64_t busy_pause_ms = 20;
constexpr const char* limit_hint =
    "the server limits messages per session (20 per second by default): start it with PARLEY_MESSAGE_RATE=0";

}  // namespace

shape shape::take(arguments& from) {
  shape how{};
  how.pairs = from.take_number("--pairs", 50, 1, 10'000);
  how.conversations = from.take_number("--conversations", how.pairs, how.pairs, 10'000'000);
  how.window = from.take_number("--window", 8, 1, 16'384);
  how.size = from.take_number("--size", 100, pattern::least_size, client::max_text_bytes);
  how.client_msg_id = from.take_on_off("--client-msg-id", true);
  how.receipts = from.take_on_off("--receipts", false);
  return how;
}

void shape::describe(report& out) const {
  out.parameter("pairs", pairs);
  out.parameter("conversations", pairs * peers());
  out.parameter("window", window);
  out.parameter("size", size);
  out.parameter("client_msg_id", client_msg_id ? "on" : "off");
  out.parameter("receipts", receipts ? "on" : "off");
}

traffic::traffic(client::event_loop& loop, const crowd& users, const shape& how)
    : loop_(loop),
      how_(how),
      fleet_(loop, users, [this](std::size_t index, const client::pdu& next) { received(index, next); }),
      pattern_(how.size),
      ledger_(how.pairs, how.peers(), how.online()),
      resume_(loop),
      unanswered_(how.pairs) {
  message_.set_msg_id(0);
  message_.set_create_time(0);
  message_.set_msg_type(IM::BaseDefine::MSG_TYPE_SINGLE_TEXT);
  resume_.every(busy_pause_ms, [this] {
    for (const std::size_t sender : std::exchange(paused_, {})) answered(sender);
  });
}

client::result<> traffic::prepare() {
  if (const auto in = fleet_.login(2 * how_.pairs); !in) return in;
  return learn_absent();
}

client::result<> traffic::learn_absent() {
  const std::size_t count = how_.peers() - how_.online();
  if (count == 0) return client::done{};
  std::unordered_map<std::string, std::uint32_t> ids;
  bool answered_now = false;
  on_other_ = [&](const client::pdu& next) {
    IM::Buddy::IMAllUserRsp people;
    if (next.head.seq_num != people_seq) return;
    answered_now = true;
    if (!next.read(people)) return;
    for (const auto& each : people.user_list()) ids[each.user_real_name()] = each.user_id();
  };
  IM::Buddy::IMAllUserReq request;
  request.set_user_id(fleet_.at(0).me().user_id);
  request.set_latest_update_time(0);
  fleet_.at(0).line().send(cid::buddy_list_all_user_request, people_seq, request);
  loop_.run_until([&] { return answered_now; }, 10'000);
  on_other_ = {};
  for (std::size_t i = 0; i < count; ++i) {
    const std::string name = fleet_.users().name(2 * how_.pairs + 1 + i);
    const auto found = ids.find(name);
    if (found == ids.end()) {
      return client::error{client::failure::refused,
                           "user " + name + " is not in the list of all users; 'parley-bench users --count " +
                               std::to_string(2 * how_.pairs + count) + "' prints a file for 'parleyctl users import'"};
    }
    absent_.push_back(found->second);
  }
  return client::done{};
}

std::uint32_t traffic::peer_id(std::size_t sender, std::size_t peer) {
  if (peer >= how_.online()) return absent_[peer - how_.online()];
  return fleet_.at(how_.pairs + (sender + peer) % how_.pairs).me().user_id;
}

bool traffic::send(std::size_t sender, std::uint64_t origin_ns) {
  if (unanswered_[sender] == how_.window) return false;
  const std::uint32_t n = ledger_.next(sender);
  const pattern::mark mark{static_cast<std::uint32_t>(sender), n};
  message_.set_from_user_id(fleet_.at(sender).me().user_id);
  message_.set_to_session_id(peer_id(sender, n % ledger_.peers()));
  message_.set_msg_data(pattern_.write(mark));
  if (how_.client_msg_id) message_.set_client_msg_id(pattern_.client_msg_id(mark));
  ledger_.sent(sender, origin_ns);
  fleet_.at(sender).line().send(cid::msg_data, static_cast<std::uint16_t>(n % seqs + 1), message_);
  if (open_++ == 0) last_answer_ns_ = client::event_loop::now_ns();
  ++unanswered_[sender];
  return true;
}

void traffic::received(std::size_t index, const client::pdu& next) {
  const bool of_a_message = next.head.seq_num >= 1 && next.head.seq_num <= seqs;
  switch (next.head.command_id) {
    case cid::msg_data_ack:
      return acked(index, next);
    case cid::msg_data:
      return delivered(index, next);
    case cid::host_refused:
      if (of_a_message) return refused(index, next);
      [[fallthrough]];
    default:
      if (on_other_) on_other_(next);
  }
}

std::uint32_t traffic::number_of(std::size_t sender, std::uint16_t seq) const {
  const std::uint32_t last = ledger_.next(sender) - 1;
  return last - (last % seqs + seqs - (seq - 1u)) % seqs;
}

void traffic::acked(std::size_t sender, const client::pdu& next) {
  if (sender >= how_.pairs || ledger_.next(sender) == 0 || !next.read(ack_)) return;
  const auto origin = ledger_.acked(sender, number_of(sender, next.head.seq_num), ack_.msg_id());
  if (!origin) return;
  const std::uint64_t now = client::event_loop::now_ns();
  last_answer_ns_ = now;
  --open_;
  --unanswered_[sender];
  if (measured_ns_ == 0 && now >= measured_from_ns_) ++acks_;
  if (*origin >= measured_from_ns_) ack_times_.add(now - std::min(now, *origin));
  answered(sender);
}

void traffic::refused(std::size_t sender, const client::pdu& next) {
  const client::error why = client::read_refusal(next);
  if (first_refusal_.empty()) first_refusal_ = why.text;
  if (sender >= how_.pairs || ledger_.next(sender) == 0) return;
  ledger_.refused(sender, number_of(sender, next.head.seq_num));
  last_answer_ns_ = client::event_loop::now_ns();
  --open_;
  --unanswered_[sender];
  if (why.code == host::REFUSAL_TOO_FAST) {
    broken_ = limit_hint;
  } else {
    paused_.push_back(sender);
  }
}

void traffic::answered(std::size_t sender) {
  if (on_answered) on_answered(sender);
}

void traffic::delivered(std::size_t receiver, const client::pdu& next) {
  if (!next.read(arrived_)) return void(++damaged_);
  if (how_.receipts) {
    ack_.set_user_id(fleet_.at(receiver).me().user_id);
    ack_.set_session_id(arrived_.from_user_id());
    ack_.set_msg_id(arrived_.msg_id());
    ack_.set_session_type(IM::BaseDefine::SESSION_TYPE_SINGLE);
    ack_.clear_client_msg_id();
    ack_.clear_duplicate();
    fleet_.at(receiver).line().send(cid::msg_data_ack, 0, ack_);
  }
  const pattern::reading text = pattern_.read(arrived_.msg_data());
  if (text.what == pattern::kind::foreign) return;
  if (text.what == pattern::kind::damaged) return void(++damaged_);
  const auto [sender, n] = text.which;
  const bool right = sender < how_.pairs && receiver >= how_.pairs &&
                     (sender + n % ledger_.peers()) % how_.pairs == receiver - how_.pairs &&
                     arrived_.from_user_id() == fleet_.at(sender).me().user_id && next.head.seq_num == 0;
  if (!right) return void(++misdirected_);
  const auto origin = ledger_.delivered(sender, n, arrived_.msg_id());
  if (!origin) return;
  const std::uint64_t now = client::event_loop::now_ns();
  if (measured_ns_ == 0 && now >= measured_from_ns_) ++deliveries_;
  if (*origin >= measured_from_ns_) delivery_times_.add(now - std::min(now, *origin));
}

void traffic::start_measuring() {
  measured_from_ns_ = client::event_loop::now_ns();
}

void traffic::stop_measuring() {
  measured_ns_ = client::event_loop::now_ns() - measured_from_ns_;
}

const std::string& traffic::broken() {
  if (!broken_.empty()) return broken_;
  if (fleet_.lost() > 0) broken_ = "a connection was lost: " + fleet_.loss();
  if (open_ > 0 && client::event_loop::now_ns() - last_answer_ns_ > silence_ns) {
    broken_ = std::string("no answer for 6 s; if the server runs, ") + limit_hint;
  }
  return broken_;
}

void traffic::settle(std::uint64_t timeout_ms) {
  on_answered = {};
  constexpr std::uint64_t broken_ms = 3000;
  loop_.run_until([&] { return ledger_.complete() || !broken().empty(); }, timeout_ms);
  if (!broken().empty()) loop_.run_until([&] { return ledger_.complete(); }, broken_ms);
}

void traffic::conclude(report& out) {
  const ledger::verdict all = ledger_.judge();
  out.rate("acks_per_s", acks_, measured_ns_);
  out.rate("deliveries_per_s", deliveries_, measured_ns_);
  out.latency("ack", ack_times_);
  out.latency("delivery", delivery_times_);
  out.count("sent", all.sent);
  out.count("acked", all.acked);
  out.count("delivered", all.delivered);
  out.count("refused", all.refused);
  if (!first_refusal_.empty()) out.remark("first refusal: " + first_refusal_);
  out.violations("unanswered", all.unanswered);
  out.violations("lost", all.lost);
  out.violations("doubled", all.doubled);
  out.violations("reordered", all.reordered);
  out.violations("misnumbered", all.misnumbered);
  out.violations("damaged", damaged_);
  out.violations("misdirected", misdirected_);
  out.violations("connections_lost", fleet_.lost());
  if (!broken_.empty()) out.fail(broken_);
}

}  // namespace parley::bench
