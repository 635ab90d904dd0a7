// One connection to another node: greeted, watched, bounded.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "host/cluster/handshake.hpp"
#include "host/net/framer.hpp"
#include "host/net/loop_timer.hpp"
#include "host/net/stream_socket.hpp"

namespace parley::host {

struct link_limits {
  std::uint64_t silence_ms = 3000;  // without a byte, and for connecting and greeting together
  std::size_t queue = 64 << 20;     // bytes not taken by the kernel, before it is given up
  std::size_t longest_record = 8 << 20;
};

/// What a link counts.
struct link_counters {
  std::uint64_t records_in = 0, records_out = 0;
  std::uint64_t bytes_in = 0, bytes_out = 0;
};

/// connecting -> greeting -> open -> lost; lost from each of them, for good. Records of one turn leave in one write; a
/// ping every third of silence_ms keeps it audible. [loop]
class node_link final : stream_socket::user {
 public:
  enum class state { connecting, greeting, open, lost };

  /// Told from the loop, never from within send(). A link may be destroyed in link_lost() only by a later turn.
  struct user {
    virtual ~user() = default;
    virtual void link_open(node_link& l) = 0;
    virtual void link_record(node_link& l, record r, std::string_view body) = 0;
    virtual void link_lost(node_link& l) = 0;
    /// For the pong.
    virtual std::uint64_t notice_taken(node_link& l) = 0;
    virtual void link_ponged(node_link& l, std::uint64_t notice) = 0;
  };

  /// Dials. `how.send` and `how.now_ms` are the link's to set.
  node_link(loop& l, user& u, link_limits limits, handshake::setting how, const stream_address& where);
  /// Takes what waits at a listening handle.
  node_link(loop& l, user& u, link_limits limits, handshake::setting how, uv_stream_t* server);
  node_link(const node_link&) = delete;

  /// Appended; false when it is not open. Over the queue's limit the link is lost at the end of the turn.
  bool send(record r, std::string_view body);
  /// Told to the user at the end of the turn.
  void give_up(std::string why);
  /// At once, and nobody is told.
  void close();
  void ping();

  state where() const { return state_; }
  /// It is or has been.
  bool was_open() const { return opened_; }
  const node_identity& other() const { return handshake_.other(); }
  /// One for each link of this process: what belongs to a former link is not this one's.
  std::uint32_t serial() const { return serial_; }
  /// Why it was lost; the other side may have heard it from us.
  const std::string& trouble() const { return trouble_; }
  bool refused() const { return handshake_.where() == handshake::state::refused; }
  std::string peer() const { return socket_ ? socket_->peer() : ""; }
  /// The other's clock, in its loop's milliseconds, shows this or less.
  std::uint64_t others_clock() const { return clock_.latest(loop_.now_ms_anywhere()); }
  std::uint64_t round_trip_us() const { return round_trip_us_; }
  std::size_t queued() const { return output_.size() + (socket_ ? socket_->unwritten() : 0); }
  const link_limits& limits() const { return limits_; }
  const link_counters& counters() const { return counters_; }

 private:
  node_link(loop& l, user& u, link_limits limits, handshake::setting&& how, bool dialing);
  void socket_connected() override;
  void socket_received(std::string_view data) override;
  void socket_lost(const std::string& why) override { give_up(why); }

  bool take(const pdu_view& pdu);
  void take_open(record r, std::string_view body);
  void heard();
  void greeted();
  void put(record r, std::string_view body);
  void flush();
  void lose();
  void watch();

  loop& loop_;
  user& user_;
  const link_limits limits_;
  const bool dialing_;
  const std::uint32_t serial_;
  state state_;
  handshake handshake_;
  peer_clock clock_;
  framer input_;
  std::string output_;
  turn_end_task flushing_;
  turn_end_task losing_;
  loop_timer timer_;
  bool opened_ = false;
  bool overdue_ = false;  // silent for too long; what was said may lie unread in the socket
  std::uint64_t heard_ms_;
  std::uint64_t round_trip_us_ = 0;
  std::string trouble_;
  link_counters counters_;
  std::unique_ptr<stream_socket> socket_;
};

}  // namespace parley::host
