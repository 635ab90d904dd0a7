#include "bench/broadcast.hpp"

#include <algorithm>
#include <numeric>
#include <parley/commands.hpp>

#include "IM.Group.pb.h"

namespace parley::bench {
namespace {

constexpr std::uint16_t group_seq = 0x8001;
constexpr std::uint32_t message_seqs = 0x7fff;
constexpr std::uint64_t silence_ns = 10'000'000'000;
constexpr std::uint32_t looked_into = 16;  // every so many deliveries the text is read; all are counted

}  // namespace

broadcast::broadcast(client::event_loop& loop, const crowd& users, const shape& how)
    : loop_(loop),
      how_(how),
      fleet_(loop, users, [this](std::size_t index, const client::pdu& next) { received(index, next); }),
      pattern_(how.size),
      sent_(how.senders),
      acked_(how.senders),
      heard_(how.members),
      last_(how.members),
      began_ns_(how.senders * how.window) {
  message_.set_msg_id(0);
  message_.set_create_time(0);
  message_.set_msg_type(IM::BaseDefine::MSG_TYPE_GROUP_TEXT);
}

client::result<> broadcast::prepare() {
  if (const auto in = fleet_.login(how_.members); !in) return in;
  IM::Group::IMGroupCreateReq request;
  request.set_user_id(fleet_.at(0).me().user_id);
  request.set_group_type(IM::BaseDefine::GROUP_TYPE_TMP);
  request.set_group_name("bench");
  request.set_group_avatar("");
  for (std::size_t i = 0; i < how_.members; ++i) request.add_member_id_list(fleet_.at(i).me().user_id);
  fleet_.at(0).line().send(cid::group_create_request, group_seq, request);
  if (!loop_.run_until([&] { return group_ != 0 || !broken().empty(); }, 10'000)) broken_ = "no group was made in 10 s";
  if (!broken_.empty()) return client::error{client::failure::refused, broken_};
  message_.set_to_session_id(group_);
  return client::done{};
}

void broadcast::start() {
  last_event_ns_ = client::event_loop::now_ns();
  for (std::size_t sender = 0; sender < how_.senders; ++sender) fill(sender);
}

void broadcast::fill(std::size_t sender) {
  while (!over_ && sent_[sender] - acked_[sender] < how_.window) {
    const std::uint32_t n = sent_[sender]++;
    message_.set_from_user_id(fleet_.at(sender).me().user_id);
    message_.set_msg_data(pattern_.write({static_cast<std::uint32_t>(sender), n}));
    began_ns_[sender * how_.window + n % how_.window] = client::event_loop::now_ns();
    fleet_.at(sender).line().send(cid::msg_data, static_cast<std::uint16_t>(n % message_seqs + 1), message_);
  }
}

void broadcast::received(std::size_t index, const client::pdu& next) {
  switch (next.head.command_id) {
    case cid::msg_data:
      return delivered(index, next);
    case cid::msg_data_ack: {
      if (index >= how_.senders || acked_[index] == sent_[index]) return void(++strange_);
      const std::uint32_t n = acked_[index]++;
      const std::uint64_t now = client::event_loop::now_ns();
      const std::uint64_t began = began_ns_[index * how_.window + n % how_.window];
      if (next.head.seq_num != n % message_seqs + 1) ++strange_;
      if (began >= measured_from_ns_) ack_times_.add(now - began);
      if (measured_ns_ == 0 && now >= measured_from_ns_) ++acks_;
      last_event_ns_ = now;
      return fill(index);
    }
    case cid::group_create_response: {
      IM::Group::IMGroupCreateRsp made;
      if (!next.read(made) || made.result_code() != 0 || made.user_id_list_size() != static_cast<int>(how_.members)) {
        broken_ = "the group was not made with all its members";
      } else {
        group_ = made.group_id();
      }
      return;
    }
    case cid::host_refused:
      ++refused_;
      broken_ = "refused: " + client::read_refusal(next).text;
      return;
    default:
      return;
  }
}

void broadcast::delivered(std::size_t index, const client::pdu& next) {
  if (!next.read(arrived_)) return void(++damaged_);
  if (arrived_.to_session_id() != group_) return;  // another run's
  if (next.head.seq_num != 0) ++strange_;
  if (arrived_.msg_id() <= last_[index]) ++disordered_;
  last_[index] = arrived_.msg_id();
  if (heard_[index]++ % looked_into == 0) {
    const auto text = pattern_.read(arrived_.msg_data());
    if (text.what != pattern::kind::ours || text.which.sender == index) ++damaged_;
  }
  ++delivered_;
  last_event_ns_ = client::event_loop::now_ns();
  if (measured_ns_ == 0 && last_event_ns_ >= measured_from_ns_) ++deliveries_;
}

const std::string& broadcast::broken() {
  if (broken_.empty() && fleet_.lost() > 0) broken_ = "a connection was lost: " + fleet_.loss();
  if (broken_.empty() && last_event_ns_ != 0 && client::event_loop::now_ns() - last_event_ns_ > silence_ns) {
    broken_ = "nothing was heard for 10 s; a server limits messages per session: start it with PARLEY_MESSAGE_RATE=0";
  }
  return broken_;
}

bool broadcast::complete() const {
  const auto acked = std::accumulate(acked_.begin(), acked_.end(), std::uint64_t{});
  return sent_ == acked_ && delivered_ >= acked * (how_.members - 1);
}

void broadcast::settle(std::uint64_t timeout_ms) {
  over_ = true;
  loop_.run_until([&] { return complete() || !broken().empty(); }, timeout_ms);
}

void broadcast::conclude(report& out) {
  const auto sent = std::accumulate(sent_.begin(), sent_.end(), std::uint64_t{});
  const auto acked = std::accumulate(acked_.begin(), acked_.end(), std::uint64_t{});
  std::uint64_t lost = 0, doubled = 0;
  for (std::size_t i = 0; i < how_.members; ++i) {
    const std::uint64_t wanted = acked - (i < how_.senders ? acked_[i] : 0);
    lost += heard_[i] < wanted ? wanted - heard_[i] : 0;
    doubled += heard_[i] > wanted ? heard_[i] - wanted : 0;
  }
  out.rate("deliveries_per_s", deliveries_, measured_ns_);
  out.rate("acks_per_s", acks_, measured_ns_);
  out.latency("ack", ack_times_);
  out.count("sent", sent);
  out.count("acked", acked);
  out.count("delivered", delivered_);
  out.violations("unanswered", sent - acked);
  out.violations("refused", refused_);
  out.violations("lost", lost);
  out.violations("doubled", doubled);
  out.violations("disordered", disordered_);
  out.violations("damaged", damaged_);
  out.violations("strange", strange_);
  out.violations("connections_lost", fleet_.lost());
  if (!broken_.empty()) out.fail(broken_);
}

}  // namespace parley::bench
