#include "chat/link.hpp"

#include <algorithm>
#include <parley/commands.hpp>
#include <utility>

#include "Parley.Host.pb.h"

namespace parley::chat {
namespace {

constexpr std::uint64_t login_timeout_ms = 15'000;
constexpr std::uint64_t first_pause_ms = 250;
constexpr std::uint64_t longest_pause_ms = 5000;
constexpr std::uint64_t longest_stay_ms = 1000;

bool passes(const client::error& why) {
  return why.what != client::failure::refused || why.code == IM::BaseDefine::REFUSE_REASON_MSG_SERVER_FULL ||
         why.code == IM::BaseDefine::REFUSE_REASON_NO_DB_SERVER;
}

}  // namespace

link::link(client::event_loop& loop, const options& to, std::uint64_t patience_ms, handlers on)
    : loop_(loop),
      to_(to),
      patience_ms_(patience_ms),
      on_(std::move(on)),
      pause_(loop),
      move_(loop),
      target_(to.server) {}

void link::attempt() {
  session_ = std::make_unique<client::session>(
      loop_, client::session::handlers{[this](const client::identity& me) {
                                         failures_ = 0;
                                         on_.up(me, std::exchange(was_online_, true));
                                       },
                                       [this](const client::pdu& next) { received(next); },
                                       [this](const client::error& why) { ended(why); }});
  session_->start(target_, to_.who, login_timeout_ms);
}

void link::received(const client::pdu& next) {
  if (next.head.command_id == cid::login_kick_user) return finish(exit_kicked, client::read_kick(next));
  if (next.head.command_id == cid::host_moved) return moved(next);
  on_.pushed(next);
}

void link::moved(const client::pdu& next) {
  host::IMMoved notice;
  if (!next.read(notice)) return;
  if (!notice.ip().empty()) target_.host = notice.ip();
  if (notice.port() > 0 && notice.port() < 65536) target_.port = static_cast<std::uint16_t>(notice.port());
  const std::uint64_t stay = std::min<std::uint64_t>(notice.in_ms() / 2, longest_stay_ms);
  move_.once(stay, [this] {
    if (!online()) return;
    session_.reset();
    ended({client::failure::closed, "the server asks to connect to " + target_.text()});
  });
}

void link::ended(const client::error& why) {
  if (over_) return;
  move_.stop();
  if (!passes(why)) return finish(exit_login_refused, why.text);
  if (!was_online_) {
    const bool refused = why.what == client::failure::refused;
    return finish(refused ? exit_login_refused : exit_no_connection,
                  refused ? why.text : target_.text() + ": " + why.text);
  }
  const std::uint64_t now = client::event_loop::now_ms();
  if (failures_ == 0) lost_at_ms_ = now;
  if (patience_ms_ > 0 && now - lost_at_ms_ > patience_ms_) return finish(exit_no_connection, why.text);
  if (failures_ > 0) target_ = to_.server;  // where we were sent to is not there
  const std::uint64_t pause = std::min(first_pause_ms << std::min(failures_, 10), longest_pause_ms);
  const std::uint64_t jittered = pause - pause / 4 + client::event_loop::now_ns() % (pause / 2);
  ++failures_;
  pause_.once(jittered, [this] { attempt(); });
  on_.down(why.text, jittered);
}

void link::finish(exit_code code, const std::string& reason) {
  over_ = true;
  session_.reset();
  on_.over(code, reason);
}

}  // namespace parley::chat
