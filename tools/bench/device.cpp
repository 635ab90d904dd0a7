#include "bench/device.hpp"

#include <parley/commands.hpp>
#include <utility>

namespace parley::bench {

device::device(client::event_loop& loop, const client::endpoint& to, client::credentials who, handlers on)
    : on_(std::move(on)),
      who_(std::move(who)),
      line_(loop, {[this] { opened(); }, [this](const client::pdu& next) { received(next); },
                   [this](std::string_view reason) { closed(reason); }}),
      started_ns_(client::event_loop::now_ns()) {
  line_.connect(to);
}

void device::opened() {
  opened_ns_ = client::event_loop::now_ns();
  line_.send(cid::login_req_userlogin, 1, client::login_request(who_));
}

void device::received(const client::pdu& next) {
  if (told_) {
    if (next.head.command_id == cid::login_kick_user) return closed(client::read_kick(next));
    return on_.received ? on_.received(next) : void();
  }
  if (next.head.command_id != cid::login_res_userlogin) return;
  ready_ns_ = client::event_loop::now_ns();
  told_ = true;
  const auto answer = client::read_login(next);
  if (answer) me_ = *answer;
  const auto ready = on_.ready;
  ready(answer);
}

void device::closed(std::string_view reason) {
  const std::string text(reason);
  line_.close();
  if (std::exchange(told_, true)) {
    if (const auto lost = std::exchange(on_.lost, {})) lost(text);
    return;
  }
  const auto ready = on_.ready;
  ready(client::error{client::failure::connect, text});
}

}  // namespace parley::bench
