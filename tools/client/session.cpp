#include "client/session.hpp"

#include <parley/commands.hpp>
#include <utility>
#include <vector>

namespace parley::client {
namespace {

constexpr std::uint64_t tick_ms = 50;
constexpr std::uint16_t last_seq = 0x7fff;

}  // namespace

session::session(event_loop& loop, handlers on)
    : on_(std::make_shared<const handlers>(std::move(on))),
      line_(loop, {[this] { opened(); }, [this](const pdu& next) { received(next); },
                   [this](std::string_view reason) {
                     end({ready_ ? failure::closed : failure::connect, std::string(reason)});
                   }}),
      clock_(loop) {}

void session::start(const endpoint& to, std::optional<credentials> who, std::uint64_t timeout_ms) {
  who_ = std::move(who);
  login_timeout_ms_ = timeout_ms;
  login_deadline_ms_ = event_loop::now_ms() + timeout_ms;
  clock_.every(tick_ms, [this] { expire(); });
  line_.connect(to);
}

void session::opened() {
  if (!who_) {
    ready_ = true;
    return tell_logged_in();
  }
  request(cid::login_req_userlogin, login_request(*who_), login_timeout_ms_, [this](result<pdu> answer) {
    if (!answer) return end(answer.why());
    auto read = read_login(*answer);
    if (!read) return end(read.why());
    ready_ = true;
    me_ = *read;
    tell_logged_in();
  });
}

void session::tell_logged_in() {
  const auto on = on_;
  if (on->logged_in) on->logged_in(me_);
}

std::uint16_t session::request(std::uint16_t command_id, const google::protobuf::MessageLite& body,
                               std::uint64_t timeout_ms, answered then) {
  return request_all(command_id, body, timeout_ms, [then = std::move(then)](result<pdu> answer) {
    then(std::move(answer));
    return false;
  });
}

std::uint16_t session::request_all(std::uint16_t command_id, const google::protobuf::MessageLite& body,
                                   std::uint64_t timeout_ms, each_answered then) {
  const std::uint16_t seq = next_seq();
  waiting_[seq] = {event_loop::now_ms() + timeout_ms, timeout_ms, std::move(then)};
  line_.send(command_id, seq, body);
  return seq;
}

std::uint16_t session::next_seq() {
  do {
    seq_ = seq_ == last_seq ? 1 : static_cast<std::uint16_t>(seq_ + 1);
  } while (waiting_.contains(seq_));
  return seq_;
}

void session::received(const pdu& next) {
  const auto found = next.head.seq_num == 0 ? waiting_.end() : waiting_.find(next.head.seq_num);
  if (found == waiting_.end()) {
    const auto on = on_;
    if (on->pushed) on->pushed(next);
    return;
  }
  waiting open = std::move(found->second);
  waiting_.erase(found);
  if (next.head.command_id == cid::host_refused) {
    open.then(read_refusal(next));
    return;
  }
  const std::weak_ptr<char> alive = alive_;
  if (!open.then(next) || alive.expired() || over_) return;
  open.deadline_ms = event_loop::now_ms() + open.timeout_ms;
  waiting_.try_emplace(next.head.seq_num, std::move(open));
}

void session::expire() {
  const std::uint64_t now = event_loop::now_ms();
  if (!ready_ && now > login_deadline_ms_) return end({failure::connect, "no answer to the login"});
  std::vector<each_answered> late;
  std::erase_if(waiting_, [&](auto& entry) {
    if (entry.second.deadline_ms > now) return false;
    late.push_back(std::move(entry.second.then));
    return true;
  });
  const std::weak_ptr<char> alive = alive_;
  for (const each_answered& then : late) {
    then(error{failure::timeout, "no answer"});
    if (alive.expired()) return;
  }
}

void session::end(error why) {
  if (std::exchange(over_, true)) return;
  ready_ = false;
  line_.close();
  clock_.stop();
  const std::weak_ptr<char> alive = alive_;
  for (auto& [seq, open] : std::exchange(waiting_, {})) {
    open.then(error{failure::closed, why.text});
    if (alive.expired()) return;
  }
  const auto on = on_;
  if (on->ended) on->ended(why);
}

}  // namespace parley::client
