#include <memory>
#include <vector>

#include "bench/bench.hpp"
#include "bench/histogram.hpp"
#include "bench/report.hpp"
#include "client/connection.hpp"

namespace parley::bench {
namespace {

constexpr std::uint16_t echo_request = 0x8001;
constexpr std::uint16_t echo_reply = 0x8002;
constexpr std::uint32_t seqs = 0x7fff;

/// message Echo { optional string text = 1; } without a schema: any server that speaks it will do.
std::string echo_body(std::size_t text_size) {
  std::string body = "\x0a";
  std::size_t length = text_size;
  for (; length >= 0x80; length >>= 7) body.push_back(static_cast<char>(length | 0x80));
  body.push_back(static_cast<char>(length));
  return body.append(text_size, 'e');
}

/// Connections that each keep `window` requests open. No login, no storage: what the host alone can carry.
class volley {
 public:
  volley(client::event_loop& loop, const client::endpoint& to, std::size_t connections, std::size_t window,
         std::size_t size)
      : loop_(loop), window_(window), body_(echo_body(size)), players_(connections) {
    for (std::size_t i = 0; i < connections; ++i) {
      players_[i].line = std::make_unique<client::connection>(
          loop,
          client::connection::handlers{[this] { ++open_; }, [this, i](const client::pdu& next) { received(i, next); },
                                       [this](std::string_view reason) {
                                         if (lost_++ == 0) loss_ = reason;
                                       }});
      players_[i].line->connect(to);
    }
  }

  bool connect() {
    loop_.run_until([&] { return open_ + lost_ == players_.size(); }, 10'000);
    return lost_ == 0 && open_ == players_.size();
  }

  void run(std::uint64_t warmup_ms, std::uint64_t measured_ms) {
    const auto stuck = [&] { return lost_ > 0; };
    for (std::size_t i = 0; i < players_.size(); ++i) {
      for (std::size_t k = 0; k < window_; ++k) serve(i);
    }
    loop_.run_until(stuck, warmup_ms);
    began_ns_ = client::event_loop::now_ns();
    const std::uint64_t before = returned_;
    loop_.run_until(stuck, measured_ms);
    took_ns_ = client::event_loop::now_ns() - began_ns_;
    counted_ = returned_ - before;
    over_ = true;
    loop_.run_until([&] { return returned_ + refused_ >= served_ || lost_ > 0; }, 5000);
  }

  const std::string& loss() const { return loss_; }

  void conclude(report& out) const {
    out.rate("echoes_per_s", counted_, took_ns_);
    out.latency("echo", times_);
    out.count("echoed", returned_);
    out.violations("lost", served_ - std::min(served_, returned_ + refused_));
    out.violations("refused", refused_);
    out.violations("unexpected", unexpected_);
    out.violations("reordered", reordered_);
    out.violations("damaged", damaged_);
    out.violations("connections_lost", lost_);
    if (!loss_.empty()) out.remark("first loss: " + loss_);
  }

 private:
  struct player {
    std::unique_ptr<client::connection> line;
    std::uint32_t served = 0;
    std::uint32_t returned = 0;
    std::vector<std::uint64_t> origins;  ///< ring over the window
  };

  void serve(std::size_t i) {
    player& who = players_[i];
    who.origins.resize(window_);
    who.origins[who.served % window_] = client::event_loop::now_ns();
    who.line->send(echo_request, static_cast<std::uint16_t>(who.served++ % seqs + 1), body_);
    ++served_;
  }

  void received(std::size_t i, const client::pdu& next) {
    player& who = players_[i];
    if (next.head.command_id != echo_reply) {
      ++(next.head.command_id == 0x0901 ? refused_ : unexpected_);
      return;
    }
    if (who.returned == who.served) return void(++unexpected_);
    const std::uint64_t origin = who.origins[who.returned % window_];
    if (next.head.seq_num != who.returned % seqs + 1) ++reordered_;
    ++who.returned;
    ++returned_;
    if (next.body != body_) ++damaged_;
    if (began_ns_ > 0 && origin >= began_ns_) times_.add(client::event_loop::now_ns() - origin);
    if (!over_) serve(i);
  }

  client::event_loop& loop_;
  std::size_t window_;
  std::string body_;
  std::vector<player> players_;
  histogram times_;
  std::string loss_;
  std::size_t open_ = 0;
  std::size_t lost_ = 0;
  std::uint64_t served_ = 0;
  std::uint64_t returned_ = 0;
  std::uint64_t counted_ = 0;
  std::uint64_t refused_ = 0;
  std::uint64_t unexpected_ = 0;
  std::uint64_t reordered_ = 0;
  std::uint64_t damaged_ = 0;
  std::uint64_t began_ns_ = 0;
  std::uint64_t took_ns_ = 0;
  bool over_ = false;
};

}  // namespace

int echo(arguments& from) {
  const client::endpoint server = from.take_server();
  const std::uint64_t connections = from.take_number("--connections", 64, 1, 20'000);
  const std::uint64_t window = from.take_number("--window", 32, 1, 16'384);
  const std::uint64_t size = from.take_number("--size", 100, 0, 1 << 20);
  const std::uint64_t seconds = from.take_number("--seconds", 5, 1, 3600);
  const std::uint64_t warmup = from.take_number("--warmup", 1, 0, 600);
  report out("echo", from.take_switch("--json"));
  if (!usable(from)) return 2;
  out.parameter("server", server.text());
  out.parameter("connections", connections);
  out.parameter("window", window);
  out.parameter("size", size);
  out.parameter("seconds", seconds);
  out.parameter("warmup", warmup);
  client::event_loop loop;
  volley game(loop, server, connections, window, size);
  if (!game.connect()) return cannot("no connection to " + server.text() + ": " + game.loss());
  game.run(1000 * warmup, 1000 * seconds);
  game.conclude(out);
  return out.print();
}

}  // namespace parley::bench
