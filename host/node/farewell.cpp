#include "host/node/farewell.hpp"

#include "host/net/wire_writer.hpp"
#include "parley/bytes.hpp"

namespace parley::host {

farewell::farewell(session_table& sessions, setting how, std::uint64_t now_ms)
    : sessions_(sessions), set_(std::move(how)), began_ms_(now_ms) {
  sessions_.each([this](session& s) {
    if (s.state == session_state::open && s.identified_by == 0) all_.push_back(s.id);
  });
}

void farewell::step(std::uint64_t now_ms) {
  const auto passed = now_ms - began_ms_;
  const auto due = passed >= set_.spread_ms ? all_.size() : all_.size() * passed / set_.spread_ms;
  while (next_ < due) {
    if (auto* s = sessions_.find(all_[next_++])) tell(*s, now_ms);
  }
  while (!told_.empty() && told_.front().until_ms <= now_ms) {
    if (auto* s = sessions_.find(told_.front().session)) let_go(*s);
    told_.pop_front();
  }
  std::erase_if(leaving_, [this](parley_session_id id) {
    auto* s = sessions_.find(id);
    if (s && s->state == session_state::open && s->requests > 0) return false;
    if (s) sessions_.close_after_flush(*s, "drained");
    return true;
  });
}

// A WebSocket was dialed by a name of its own, at which another node may be by now.
void farewell::tell(session& s, std::uint64_t now_ms) {
  parley_endpoint place{};
  if (s.level < 1 || !s.authenticated || !set_.place(s.tls != nullptr, place)) return let_go(s);
  wire_writer w;
  if (!s.websocket) w.text(1, view(place.address)).number(2, place.port);
  w.number(3, set_.stay_ms);
  sessions_.send(s, set_.command, 0, bytes(w.bytes()));
  told_.push_back({s.id, now_ms + set_.stay_ms});
}

void farewell::let_go(session& s) {
  sessions_.hold(s);
  sessions_.update_reading(s);
  leaving_.push_back(s.id);
}

}  // namespace parley::host
