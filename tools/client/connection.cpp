#include "client/connection.hpp"

#include <utility>

#include "client/connection_state.hpp"

namespace parley::client {

connection::connection(event_loop& loop, handlers on) : state_(new connection_state(loop, std::move(on))) {}

connection::~connection() {
  close();
}

void connection::connect(const endpoint& to) {
  state_->connect(to);
}

void connection::send(std::uint16_t command_id, std::uint16_t seq_num, const google::protobuf::MessageLite& body) {
  if (open()) append_pdu(state_->out(), command_id, seq_num, body);
}

void connection::send(std::uint16_t command_id, std::uint16_t seq_num, std::string_view body) {
  if (open()) append_pdu(state_->out(), command_id, seq_num, body);
}

void connection::send_raw(std::string_view bytes) {
  if (open()) state_->out().append(bytes);
}

void connection::close() {
  if (!state_) return;
  std::exchange(state_, nullptr)->part();
}

bool connection::open() const {
  return state_ && state_->at() == connection_state::phase::open;
}

std::size_t connection::unsent() const {
  return state_ ? state_->unsent() : 0;
}

}  // namespace parley::client
