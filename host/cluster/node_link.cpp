#include "host/cluster/node_link.hpp"

#include "host/cluster/wire.hpp"

namespace parley::host {

namespace {

constexpr std::size_t much_at_once = 1 << 20;  // of one turn

std::uint32_t next_serial() {
  static std::uint32_t last = 0;
  return ++last;
}

}  // namespace

node_link::node_link(loop& l, user& u, link_limits limits, handshake::setting&& how, bool dialing)
    : loop_(l),
      user_(u),
      limits_(limits),
      dialing_(dialing),
      serial_(next_serial()),
      state_(dialing ? state::connecting : state::greeting),
      handshake_([&] {
        how.send = [this](record r, std::string_view body) { put(r, body); };
        how.now_ms = [this] { return loop_.now_ms_anywhere(); };
        return std::move(how);
      }()),
      flushing_([this] { flush(); }),
      losing_([this] { lose(); }),
      timer_(l, [this] { watch(); }),
      heard_ms_(l.now_ms_anywhere()) {
  timer_.start(limits_.silence_ms / 3, limits_.silence_ms / 3);
}

node_link::node_link(loop& l, user& u, link_limits limits, handshake::setting how, const stream_address& where)
    : node_link(l, u, limits, std::move(how), true) {
  socket_.reset(new stream_socket(l, where, *this));
}

node_link::node_link(loop& l, user& u, link_limits limits, handshake::setting how, uv_stream_t* server)
    : node_link(l, u, limits, std::move(how), false) {
  socket_.reset(new stream_socket(l, server, *this));
}

void node_link::socket_connected() {
  state_ = state::greeting;
  handshake_.begin();
}

void node_link::socket_received(std::string_view data) {
  if (state_ == state::lost || losing_.linked()) return;
  // Greeting has its time as a whole, whatever trickles in.
  if (state_ == state::open) heard();
  counters_.bytes_in += data.size();
  // A stranger makes the node keep little.
  const auto longest = [this] { return state_ == state::open ? limits_.longest_record : std::size_t{4096}; };
  const auto each = [this](const pdu_view& pdu) { return take(pdu); };
  const bool greeting = state_ != state::open;
  auto verdict = input_.feed(data, longest(), each);
  if (verdict == framing::ok && greeting && state_ == state::open) verdict = input_.resume(longest(), each);
  if (verdict != framing::ok) give_up("a record of a length that cannot be");
}

// False after the last record of the handshake, too: longer ones may follow.
bool node_link::take(const pdu_view& pdu) {
  ++counters_.records_in;
  const auto r = static_cast<record>(pdu.command);
  const bool greeting = state_ != state::open;
  if (greeting) {
    handshake_.take(r, pdu.body);
    greeted();
  } else {
    take_open(r, pdu.body);
  }
  return state_ != state::lost && !losing_.linked() && !(greeting && state_ == state::open);
}

void node_link::heard() {
  heard_ms_ = loop_.now_ms_anywhere();
  overdue_ = false;
}

void node_link::greeted() {
  if (handshake_.where() == handshake::state::refused) give_up(handshake_.trouble());
  if (handshake_.where() != handshake::state::open) return;
  state_ = state::open;
  opened_ = true;
  heard();
  clock_ = handshake_.clock();
  user_.link_open(*this);
  ping();
}

void node_link::take_open(record r, std::string_view body) {
  record_reader in(body);
  if (r == record::ping) {
    record_writer w;
    w.number(in.number()).number(loop_.now_ms_anywhere()).number(user_.notice_taken(*this));
    send(record::pong, w.bytes());
  } else if (r == record::pong) {
    const auto asked_us = in.number();
    const auto stamped = in.number();
    const auto notice = in.number();
    const auto now_us = uv_hrtime() / 1000;
    if (!in.ok() || asked_us > now_us) return give_up("a pong that nobody asked for");
    round_trip_us_ = now_us - asked_us;
    clock_.answered(loop_.now_ms_anywhere() - round_trip_us_ / 1000 - 1, stamped);
    user_.link_ponged(*this, notice);
  } else if (r == record::refusal) {
    give_up("it refuses: " + std::string(in.text(512)));
  } else {
    user_.link_record(*this, r, body);
  }
}

void node_link::ping() {
  record_writer w;
  w.number(uv_hrtime() / 1000);
  send(record::ping, w.bytes());
}

bool node_link::send(record r, std::string_view body) {
  if (state_ != state::open || losing_.linked()) return false;
  put(r, body);
  if (output_.size() > much_at_once) flush();
  if (queued() > limits_.queue) give_up("more than " + std::to_string(limits_.queue) + " bytes wait for it");
  return true;
}

void node_link::put(record r, std::string_view body) {
  char header[header_size];
  store_header(header, raw(r), 0, body.size());
  output_.append(header, header_size);
  output_.append(body);
  ++counters_.records_out;
  counters_.bytes_out += header_size + body.size();
  if (!flushing_.linked()) loop_.at_turn_end(flushing_);
}

void node_link::flush() {
  flushing_.unlink();
  if (socket_ && !output_.empty()) socket_->write(std::exchange(output_, {}));
}

void node_link::give_up(std::string why) {
  if (state_ == state::lost || losing_.linked()) return;
  trouble_ = std::move(why);
  loop_.at_turn_end(losing_);
}

void node_link::lose() {
  flush();  // a refusal is worth hearing
  close();
  user_.link_lost(*this);
}

void node_link::close() {
  state_ = state::lost;
  timer_.stop();
  flushing_.unlink();
  losing_.unlink();
  socket_.reset();
  output_.clear();
}

void node_link::watch() {
  if (state_ == state::lost) return;
  const auto silent = loop_.now_ms_anywhere() - heard_ms_;
  if (silent >= limits_.silence_ms) {
    // Timers run before sockets are read: after a long turn what was said may be there already.
    if (overdue_) {
      return give_up((state_ == state::connecting ? "no connection within " : "silent for ") +
                     std::to_string(limits_.silence_ms) + " ms");
    }
    overdue_ = true;
  }
  if (state_ == state::open) ping();
  timer_.start(overdue_ ? 1 : limits_.silence_ms / 3, limits_.silence_ms / 3);
}

}  // namespace parley::host
