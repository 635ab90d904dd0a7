#include "crash/talker.hpp"

#include <poll.h>

#include <parley/commands.hpp>

namespace parley::crash {

void stage::complain(const std::string& what) {
  const std::lock_guard lock(mutex_);
  complaints_.push_back(what);
}

std::vector<std::string> stage::complaints() {
  const std::lock_guard lock(mutex_);
  return complaints_;
}

talker::talker(stage& on, std::size_t index, std::uint32_t seed)
    : stage_(on), index_(index), random_(seed + static_cast<std::uint32_t>(index)) {}

void talker::run() {
  while (!stage_.over) {
    if (!connected_ && !connect()) {
      poll(nullptr, 0, 10);
      continue;
    }
    talk();
  }
}

bool talker::connect() {
  const auto port = stage_.port.load();
  if (port == 0) return false;
  try {
    client_.log_in(port, stage_.names[index_]);
  } catch (const test::failure&) {
    return false;
  }
  open_.clear();
  connected_ = true;
  for (std::size_t i = 0; i < messages_.size() && connected_; ++i) {
    if (messages_[i].msg_id == 0) send(i);
  }
  return connected_;
}

void talker::talk() {
  while (connected_ && stage_.talking && open_.size() < stage_.window) {
    const bool repeat = !messages_.empty() && random_() % 20 == 0;
    if (repeat) {
      send(random_() % messages_.size());
      continue;
    }
    const auto count = stage_.ids.size();
    const auto neighbour = random_() % 2 ? (index_ + 1) % count : (index_ + count - 1) % count;
    const auto name = stage_.names[index_] + "/" + std::to_string(messages_.size());
    messages_.push_back({stage_.ids[neighbour], name, name + " " + std::string(random_() % 300, 'x'), 0, 0});
    ++unacked_;
    send(messages_.size() - 1);
  }
  if (!connected_) return;
  if (const auto pdu = client_.wire().next(test::milliseconds(20))) {
    take(*pdu);
  } else if (client_.wire().closed_within(test::milliseconds(0))) {
    connected_ = false;
  }
}

bool talker::send(std::size_t number) {
  auto& what = messages_[number];
  if (what.sent++ > 0) ++resent_;
  const auto seq = client_.send_text(what.peer, what.text, what.client_msg_id);
  open_[seq] = number;
  return true;
}

void talker::take(const test::wire_pdu& pdu) {
  if (pdu.command == cid::msg_data && pdu.seq == 0) {
    const auto said = test::read<IM::Message::IMMsgData>(pdu);
    pushes_.push_back({said.from_user_id(), said.msg_id(), client_.decrypt(said.msg_data())});
    return;
  }
  const auto got = test::chat_client::read_verdict(pdu);
  const auto found = open_.find(pdu.seq);
  if (!got || found == open_.end()) return;
  const auto number = found->second;
  open_.erase(found);
  if (got->acked()) return settle(number, *got);
  poll(nullptr, 0, 5);
  send(number);
}

void talker::settle(std::size_t number, const test::verdict& got) {
  auto& what = messages_[number];
  if (got.msg_id == 0) return stage_.complain(what.client_msg_id + " was acked with id 0");
  if (what.msg_id != 0) {
    if (what.msg_id != got.msg_id) {
      stage_.complain(what.client_msg_id + " was acked as " + std::to_string(what.msg_id) + ", then as " +
                      std::to_string(got.msg_id));
    }
    if (!got.duplicate) stage_.complain(what.client_msg_id + " was acked twice, the second time as if it were new");
    return;
  }
  if (got.duplicate && what.sent < 2) stage_.complain(what.client_msg_id + " was sent once and acked as a duplicate");
  what.msg_id = got.msg_id;
  --unacked_;
  ++stage_.acked;
}

}  // namespace parley::crash
